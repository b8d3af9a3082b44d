import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventQueue } from "./event-queue.ts";
import { ReadyRing } from "./ready-ring.ts";
import { Alarm, Simulation } from "./simulation.ts";
import { type Steps, Task } from "./task.ts";

/** A pseudo-random order of 0..n-1 that is the same each time. */
const shuffled = (n: number): number[] => Array.from({ length: n }, (_, i) => (i * 7919 + 13) % n);

describe("the event queue", () => {
  test("of a thousand events at a hundred times gives back all three parts of each, by time and then by number", () => {
    const queue = new EventQueue();
    const events = shuffled(1000).map((k, i) => ({ time: k % 100, seq: i + 1, id: k }));
    for (const { time, seq, id } of events) queue.push(time, seq, id);
    const sorted = events.toSorted((a, b) => a.time - b.time || a.seq - b.seq);
    const popped = sorted.map(() => {
      const first = { time: queue.minTime, seq: queue.minSeq, id: queue.minId };
      queue.pop();
      return first;
    });
    expect(popped).toEqual(sorted);
  });

  test("keeps its order when it grows, shrinks and grows again", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(12), { minLength: 150, maxLength: 300, size: "max" }), (times) => {
        const queue = new EventQueue();
        const model: { time: number; seq: number }[] = [];
        for (const [i, time] of times.entries()) {
          queue.push(time, i + 1, i);
          model.push({ time, seq: i + 1 });
          if (i % 3 !== 2) continue;
          model.sort((a, b) => a.time - b.time || a.seq - b.seq);
          expect([queue.minTime, queue.minSeq, queue.minId]).toEqual([
            model[0]?.time,
            model[0]?.seq,
            (model[0]?.seq as number) - 1,
          ]);
          queue.pop();
          model.shift();
        }
      }),
      { numRuns: 30 },
    );
  });

  test("without events has no earliest one, and to remove it does nothing", () => {
    const queue = new EventQueue();
    queue.pop();
    expect([queue.minTime, queue.minSeq]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    queue.push(5, 1, 9);
    queue.pop();
    queue.pop();
    expect([queue.minTime, queue.minSeq]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    queue.push(7, 2, 3);
    expect([queue.minTime, queue.minSeq, queue.minId]).toEqual([7, 2, 3]);
  });
});

describe("the ring of those who are due now", () => {
  test("gives them back first in first out, also when it wraps and grows", () => {
    const ring = new ReadyRing();
    const model: number[] = [];
    let seq = 0;
    for (let round = 0; round < 300; round++) {
      for (let i = 0; i < (round % 3) + 1; i++) {
        ring.push(++seq, seq * 2);
        model.push(seq);
      }
      expect([ring.length, ring.firstSeq, ring.firstId]).toEqual([model.length, model[0], (model[0] as number) * 2]);
      ring.shift();
      model.shift();
    }
    while (model.length > 0) {
      expect([ring.firstSeq, ring.firstId]).toEqual([model[0], (model[0] as number) * 2]);
      ring.shift();
      model.shift();
    }
    expect([ring.length, ring.firstSeq]).toEqual([0, Number.POSITIVE_INFINITY]);
  });
});

const ignore = (): void => {};

function start(sim: Simulation, name: string, steps: (task: Task) => Steps, delay = 0): Task {
  const task = new Task(sim, name, ignore);
  task.begin(steps(task), delay);
  return task;
}

/** Writes down when it goes on after each of `sleeps`. */
const sleeper =
  (log: string[], ...sleeps: number[]) =>
  (task: Task): Steps =>
    (function* () {
      for (const ns of sleeps) {
        if (task.sleeps(ns)) yield;
        log.push(`${task.sim.now} ${task.name}`);
      }
    })();

describe("events of one instant", () => {
  test("happen in the order in which they were scheduled, whether long before or just now", () => {
    const sim = new Simulation(1000);
    const log: string[] = [];
    const now = new Alarm(sim, () => log.push("now"));
    const early = new Alarm(sim, () => log.push("early"));
    start(sim, "a", (task) =>
      (function* () {
        if (task.sleeps(10)) yield;
        now.set(sim.now);
        log.push("a");
        if (task.sleeps(10)) yield;
      })(),
    );
    // Due at 10 as well, and numbered after the sleep of a, before what a schedules then.
    start(sim, "b", () =>
      (function* () {
        early.set(10);
      })(),
    );
    sim.run();
    expect(log).toEqual(["a", "early", "now"]);
  });

  test("that are due now come before those of later, and a lone task does not overtake them", () => {
    const sim = new Simulation(1000);
    const log: string[] = [];
    const alarm = new Alarm(sim, () => log.push(`${sim.now} alarm`));
    start(sim, "a", (task) =>
      (function* () {
        alarm.set(sim.now);
        if (task.sleeps(5)) yield;
        log.push(`${sim.now} a`);
        alarm.set(7);
        if (task.sleeps(2)) yield;
        log.push(`${sim.now} a`);
      })(),
    );
    sim.run();
    expect(log).toEqual(["0 alarm", "5 a", "7 alarm", "7 a"]);
  });

  test("may be told in another order by who chooses, and each happens once", () => {
    const asked: number[][] = [];
    const sim = new Simulation(100, 1000, {
      pick: (due) => {
        asked.push([...due]);
        return due.length - 1;
      },
    });
    const log: string[] = [];
    for (const name of ["a", "b", "c"]) start(sim, name, sleeper(log, 5, 5));
    expect(sim.run()).toBe("work-done");
    expect(log.slice(0, 3).sort()).toEqual(["5 a", "5 b", "5 c"]);
    expect(log.slice(3).sort()).toEqual(["10 a", "10 b", "10 c"]);
    // Who goes first is asked only while there is a choice, and the end of the run is none of them.
    expect(asked.every((due) => due.length >= 2 && !due.includes(0))).toBe(true);
  });

  test("at the very end: the end was scheduled first", () => {
    const sim = new Simulation(10);
    const log: string[] = [];
    start(sim, "a", sleeper(log, 10, 10));
    start(sim, "b", sleeper(log, 9, 1, 1));
    expect(sim.run()).toBe("duration");
    expect(log).toEqual(["9 b"]);
  });

  test("at the very end, with a chooser, likewise", () => {
    const sim = new Simulation(10, 1000, { pick: () => 1 });
    const log: string[] = [];
    start(sim, "a", sleeper(log, 10, 10));
    start(sim, "b", sleeper(log, 9, 1, 1));
    expect(sim.run()).toBe("duration");
    expect(log).toEqual(["9 b"]);
  });
});

describe("an alarm", () => {
  test("that is cancelled does not ring, and may be set again", () => {
    const sim = new Simulation(1000);
    const rang: number[] = [];
    const alarm = new Alarm(sim, () => rang.push(sim.now));
    alarm.set(50);
    start(sim, "a", (task) =>
      (function* () {
        if (task.sleeps(20)) yield;
        sim.cancel(alarm);
        if (task.sleeps(100)) yield;
        alarm.set(200);
        if (task.sleeps(200)) yield;
      })(),
    );
    sim.run();
    expect(rang).toEqual([200]);
  });
});

describe("the limit of moves", () => {
  test("counts events and sleeps alike: the last that fits is made, the next is not", () => {
    const moves = (limit: number): [string, number] => {
      const sim = new Simulation(1000, limit);
      start(sim, "a", sleeper([], 1, 1, 1, 1));
      const stop = sim.run();
      return [stop, sim.moves];
    };
    // Its begin, and four sleeps through the inline clock.
    expect(moves(5)).toEqual(["work-done", 5]);
    expect(moves(2)[0]).toBe("event-limit");
  });

  test("counts what two tasks do in turn", () => {
    const sim = new Simulation(1000, 5);
    start(sim, "a", sleeper([], 2, 2, 2, 2));
    start(sim, "b", sleeper([], 1, 2, 2, 2));
    expect(sim.run()).toBe("event-limit");
  });
});
