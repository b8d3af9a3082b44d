import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventQueue } from "./event-queue.ts";
import { Alarm, Simulation } from "./simulation.ts";
import { type Steps, Task } from "./task.ts";

const ignore = (): void => {};

function start(sim: Simulation, name: string, steps: (task: Task) => Steps): Task {
  const task = new Task(sim, name, ignore);
  task.begin(steps(task));
  return task;
}

describe("the event queue", () => {
  test("gives back events by time, then by the order of their numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 300 }), (times) => {
        const queue = new EventQueue();
        for (const [i, time] of times.entries()) queue.push(time, i + 1, i);
        const popped: number[] = [];
        while (queue.minTime !== Number.POSITIVE_INFINITY) {
          popped.push(queue.minId);
          queue.pop();
        }
        const expected = times.map((_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
        expect(popped).toEqual(expected);
      }),
    );
  });

  test("keeps its order when pushes and pops mix", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(9), { freq: 2 }), { maxLength: 200 }), (steps) => {
        const queue = new EventQueue();
        let model: { time: number; seq: number }[] = [];
        let seq = 0;
        for (const step of steps) {
          if (step !== null) {
            queue.push(step, ++seq, seq);
            model.push({ time: step, seq });
          } else if (model.length > 0) {
            model.sort((a, b) => a.time - b.time || a.seq - b.seq);
            expect(queue.minId).toBe(model[0]?.seq);
            queue.pop();
            model = model.slice(1);
          }
        }
      }),
    );
  });
});

describe("the clock", () => {
  test("sleeps of several tasks interleave by time, ties by who slept first", () => {
    const sim = new Simulation(1000);
    const log: string[] = [];
    const body =
      (ns: number) =>
      (task: Task): Steps =>
        (function* () {
          for (let i = 0; i < 2; i++) {
            if (task.sleeps(ns)) yield;
            log.push(`${sim.now} ${task.name}`);
          }
        })();
    start(sim, "a", body(20));
    start(sim, "b", body(10));
    expect(sim.run()).toBe("work-done");
    expect(log).toEqual(["10 b", "20 a", "20 b", "40 a"]);
  });

  test("a lone task cannot run past the end", () => {
    const sim = new Simulation(100);
    start(sim, "a", (task) =>
      (function* () {
        for (;;) if (task.sleeps(30)) yield;
      })(),
    );
    expect(sim.run()).toBe("duration");
    expect(sim.now).toBe(100);
  });

  test("charged work is paid once, when it is settled", () => {
    const sim = new Simulation(1000);
    const task = start(sim, "a", (t) =>
      (function* () {
        t.charge(3);
        t.charge(4);
        if (t.settles()) yield;
        expect(sim.now).toBe(7);
        expect(t.settles()).toBe(false);
      })(),
    );
    sim.run();
    expect(task.finished).toBe(true);
  });

  test("an alarm set again forgets its first time", () => {
    const sim = new Simulation(1000);
    const rang: number[] = [];
    const alarm = new Alarm(sim, () => rang.push(sim.now));
    alarm.set(50);
    alarm.set(70);
    start(sim, "a", (task) =>
      (function* () {
        if (task.sleeps(200)) yield;
      })(),
    );
    sim.run();
    expect(rang).toEqual([70]);
  });

  test("a run that never ends is stopped at the limit of moves, also when it never leaves the inline clock", () => {
    const sim = new Simulation(Number.MAX_SAFE_INTEGER, 1000);
    start(sim, "a", (task) =>
      (function* () {
        for (;;) if (task.sleeps(1)) yield;
      })(),
    );
    expect(sim.run()).toBe("event-limit");
  });
});

describe("the choice of who goes first", () => {
  test("the last of three simultaneous tasks can be made to go first", () => {
    const log: string[] = [];
    const sim = new Simulation(100, 1000, { pick: (due) => due.length - 1 });
    for (const name of ["a", "b", "c"]) {
      start(sim, name, () =>
        (function* () {
          log.push(name);
        })(),
      );
    }
    sim.run();
    expect(log).toEqual(["c", "b", "a"]);
  });
});
