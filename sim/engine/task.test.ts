import { describe, expect, test } from "vitest";
import { Simulation } from "./simulation.ts";
import { type Steps, Task, type Waitable } from "./task.ts";
import type { WaitFinding } from "./wait-graph.ts";

const free: Waitable = { what: "a thing", deadHolder: null, blockers: () => [], edge: () => "held by" };

/** Tasks that write down what they do, and what the search for deadlocks found. */
class World {
  readonly sim = new Simulation(1000);
  readonly log: string[] = [];
  readonly findings: WaitFinding[] = [];

  start(name: string, steps: (task: Task) => Steps, delay = 0): Task {
    const task = new Task(this.sim, name, (finding) => this.findings.push(finding));
    task.begin(steps(task), delay);
    return task;
  }

  says(task: Task, what: string): void {
    this.log.push(`${this.sim.now} ${task.name} ${what}`);
  }

  /** Does `act` at `at`. */
  at(at: number, act: () => void): void {
    this.start("clock", () => nothing(act), at);
  }
}

function* nothing(act: () => void): Steps {
  act();
}

describe("a task", () => {
  test("begins after its delay, and the run is over when all have finished", () => {
    const world = new World();
    const late = world.start("late", (task) => nothing(() => world.says(task, "runs")), 30);
    world.start("early", (task) => nothing(() => world.says(task, "runs")), 10);
    expect(late.finished).toBe(false);
    expect(world.sim.run()).toBe("work-done");
    expect(world.log).toEqual(["10 early runs", "30 late runs"]);
    expect([late.finished, late.onCpu]).toEqual([true, false]);
  });

  test("that waits goes on when it is woken, after the delay of the wake-up, and once however often it is woken", () => {
    const world = new World();
    const sleeper = world.start("a", function* (task) {
      task.park(free);
      expect([task.onCpu, task.waitsFor]).toEqual([false, free]);
      yield;
      world.says(task, "runs");
      expect([task.onCpu, task.waitsFor]).toEqual([true, null]);
      task.park(free);
      yield;
      world.says(task, "runs again");
    });
    world.at(20, () => {
      sleeper.wake(5);
      sleeper.wake(50);
      sleeper.wake(0);
    });
    world.at(40, () => sleeper.wake(0));
    world.sim.run();
    expect(world.log).toEqual(["25 a runs", "40 a runs again"]);
  });

  test("that spins stays on its CPU and goes on at its time limit, or as soon as it is woken", () => {
    const world = new World();
    const spinner = world.start("a", function* (task) {
      task.spin(free, 30);
      expect([task.onCpu, task.isSpinning, task.waitsFor]).toEqual([true, true, free]);
      yield;
      world.says(task, "gives up");
      expect(task.isSpinning).toBe(false);
      task.spin(free, 90);
      yield;
      world.says(task, "is woken");
      if (task.sleeps(100)) yield;
      world.says(task, "runs");
    });
    world.at(50, () => {
      spinner.wake(0);
      expect([spinner.isSpinning, spinner.waitsFor]).toEqual([false, null]);
    });
    world.sim.run();
    // The limit of 90 is forgotten with the wake-up.
    expect(world.log).toEqual(["30 a gives up", "50 a is woken", "150 a runs"]);
  });

  test("that sleeps by its own work is not woken before its time", () => {
    const world = new World();
    const worker = world.start("a", function* (task) {
      task.charge(100);
      expect(task.unsettled).toBe(100);
      if (task.settles()) yield;
      expect(task.unsettled).toBe(0);
      world.says(task, "done");
    });
    world.at(50, () => worker.wake(0));
    world.sim.run();
    expect(world.log).toEqual(["100 a done"]);
  });

  test("that leaves its CPU tells those who spin for as long as it runs, at once and once", () => {
    const world = new World();
    const owner = world.start("owner", function* (task) {
      if (task.sleeps(50)) yield;
      task.park(free);
      expect(task.watchers).toEqual([]);
      yield;
      if (task.sleeps(10)) yield;
    });
    for (const name of ["x", "y"]) {
      world.start(name, function* (task) {
        owner.watchers.push(task);
        task.spin(free, null);
        yield;
        world.says(task, owner.onCpu ? "too early" : "sees it sleep");
      });
    }
    const last = world.start("z", function* (task) {
      if (task.sleeps(100)) yield;
      owner.watchers.push(task);
      owner.wake(0);
      task.spin(free, null);
      yield;
      world.says(task, owner.finished ? "sees it end" : "too early");
    });
    world.sim.run();
    expect(last.finished).toBe(true);
    expect(world.log).toEqual(["50 x sees it sleep", "50 y sees it sleep", "110 z sees it end"]);
  });

  test("whose steps throw ends the run with that error", () => {
    const world = new World();
    world.start("a", () =>
      nothing(() => {
        throw new Error("broken");
      }),
    );
    expect(() => world.sim.run()).toThrow("broken");
  });

  test("draws the same numbers for the same thing, whatever it drew before", () => {
    const world = new World();
    const draws = { uniform: (i: number, j: number) => i * 100 + j };
    const task = world.start("a", () => nothing(() => {}));
    const drawn = (n: number): number[] => Array.from({ length: n }, () => task.draw(draws as never));
    expect(drawn(2)).toEqual([0, 1]);
    task.begins(7);
    expect(drawn(3)).toEqual([700, 701, 702]);
    task.begins(8, 5);
    expect(drawn(1)).toEqual([805]);
  });
});

describe("the search for deadlocks", () => {
  /** Each task has one thing, if it is named in `owns`, and waits for those of others, `waits`, one after another from 0 on. */
  function waits(
    edges: Record<string, readonly string[]>,
    owns = Object.keys(edges),
  ): { path: string[]; kind: string }[] {
    const world = new World();
    const tasks = new Map<string, Task>();
    for (const [i, name] of Object.keys(edges).entries()) {
      const steps = function* (task: Task): Steps {
        task.obligations = owns.includes(name) ? 1 : 0;
        const blockers = (): readonly Task[] => (edges[name] ?? []).map((other) => tasks.get(other) as Task);
        task.park({ what: `what ${name} wants`, deadHolder: null, blockers, edge: () => "held by" });
        yield;
      };
      tasks.set(name, world.start(name, steps, i));
    }
    world.sim.run();
    return world.findings.map(({ kind, path }) => ({
      kind,
      path: path.map(({ task, what }) => `${task.name}: ${what}`),
    }));
  }

  test("finds that two wait for each other, and says who wants what", () => {
    expect(waits({ a: ["b"], b: ["a"] })).toEqual([{ kind: "cycle", path: ["b: what b wants", "a: what a wants"] }]);
  });

  test("finds a cycle of three behind one who waits beside it, and leaves that one out", () => {
    expect(waits({ a: ["b"], side: ["a"], b: ["c"], c: ["side", "a"] })).toMatchObject([
      { path: ["c: what c wants", "side: what side wants", "a: what a wants", "b: what b wants"] },
    ]);
    expect(waits({ side: [], a: ["b"], b: ["c"], c: ["side", "a"] })).toEqual([
      { kind: "cycle", path: ["c: what c wants", "a: what a wants", "b: what b wants"] },
    ]);
  });

  test("finds nothing where somebody can go on, or where the last to wait has nothing", () => {
    expect(waits({ a: ["b"], b: ["c"], c: [] })).toEqual([]);
    expect(waits({ a: ["b"], b: ["a"] }, ["a"])).toEqual([]);
  });

  test("ends where others wait in a circle that this one is not part of", () => {
    const found = waits({ a: ["b"], b: ["a"], c: ["a"] });
    expect(found).toHaveLength(1);
  });

  test("finds that a dead task will never give back what is waited for, also for one who has nothing", () => {
    const world = new World();
    const dead = world.start("dead", () => nothing(() => {}));
    world.start(
      "a",
      function* (task) {
        task.park({ ...free, what: "its lock", deadHolder: dead });
        yield;
      },
      5,
    );
    world.sim.run();
    expect(world.findings).toMatchObject([
      { kind: "dead-holder", time: 5, path: [{ what: "its lock" }, { task: dead, what: "dead" }] },
    ]);
  });
});
