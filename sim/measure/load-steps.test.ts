import { replay } from "../spans/replay.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { feed } from "../../test/support/event-feed.ts";
import type { EventKind, Mode } from "../trace/kinds.ts";
import type { SavedEvent } from "../trace/event.ts";
import { LoadStepFigures } from "./load-steps.ts";

/** Three steps of 1000 ns: measured are 500..1000, 1500..2000 and 2500..3000. */
const load = { steps: [1, 4, 1], each_ns: 1000 };

function measured(story: string, end = 3000) {
  const figures = new LoadStepFigures(load, new Set(["debugger"]));
  feed(figures, story);
  return figures.steps(end);
}

describe("in the second half of each step", () => {
  test("a wait counts as far as it lies in it, also over several steps and beyond the end", () => {
    const steps = measured(`
      400  reader start mm=p mode=R
      2600 reader got   mm=p mode=R
      2900 writer start mm=p mode=W
    `);
    expect(steps.map(({ waited_ns }) => waited_ns)).toEqual([
      { R: 500, W: 0 },
      { R: 500, W: 0 },
      { R: 100, W: 100 },
    ]);
  });

  test("locks taken count, failed attempts and downgrades do not", () => {
    const steps = measured(`
      100 reader start      mm=p mode=R
      100 reader got        mm=p mode=R
      600 reader start      mm=p mode=R
      600 reader failed     mm=p mode=R
      600 reader start      mm=p mode=R
      700 reader got        mm=p mode=R
      800 writer start      mm=p mode=W
      800 writer got        mm=p mode=W
      900 writer downgraded mm=p
    `);
    expect(steps[0]).toMatchObject({ acquisitions: { R: 1, W: 1 }, waited_ns: { R: 100, W: 0 } });
  });

  test("the operations of the tasks under the load count when they succeed, others do not", () => {
    const steps = measured(`
      0    debugger op_begin label=vmread value=0
      0    debugger op_begin label=vmread value=1
      0    debugger op_begin label=vmread value=2
      0    reader   op_begin label=maps   value=0
      0    debugger op_begin label=vmread value=3
      0    debugger op_begin label=vmread value=4
      400  debugger op_end label=vmread value=0 aux=1
      600  debugger op_end label=vmread value=1 aux=1
      700  debugger op_end label=vmread value=2 aux=0
      800  reader   op_end label=maps value=0 aux=1
      1600 debugger op_end label=vmread value=3 aux=1
      3600 debugger op_end label=vmread value=4 aux=1
    `);
    expect(steps.map(({ operations }) => operations)).toEqual([1, 1, 0]);
  });

  test("what comes behind the last step is in none", () => {
    const steps = measured(
      `
      3100 reader start mm=p mode=R
      4200 reader got   mm=p mode=R
    `,
      5000,
    );
    expect(steps.map(({ waited_ns }) => waited_ns.R)).toEqual([0, 0, 0]);
  });
});

test("the time waited is what the waits themselves have in common with the stretches", () => {
  const wait = fc.record({ from: fc.nat(3000), ns: fc.nat(2000), mode: fc.constantFrom<Mode>("R", "W") });
  const taskWaits = fc.array(fc.array(wait, { maxLength: 5 }), { maxLength: 4 });
  fc.assert(
    fc.property(taskWaits, (tasks) => {
      const events: { time: number; task: number; kind: EventKind; mode: Mode }[] = [];
      const expected = { R: [0, 0, 0], W: [0, 0, 0] };
      for (const [task, waits] of tasks.entries()) {
        let free = 0;
        for (const { from, ns, mode } of waits) {
          const begin = Math.max(from, free);
          free = begin + ns + 1;
          events.push({ time: begin, task, kind: "mmap_lock_start_locking", mode });
          events.push({ time: begin + ns, task, kind: "mmap_lock_acquire_returned", mode });
          for (const i of [0, 1, 2]) {
            const common = Math.min(begin + ns, (i + 1) * 1000) - Math.max(begin, i * 1000 + 500);
            expected[mode][i] = (expected[mode][i] as number) + Math.max(0, common);
          }
        }
      }
      const figures = new LoadStepFigures(load, new Set());
      const story = events
        .sort((a, b) => a.time - b.time || (a.kind < b.kind ? 1 : -1))
        .map((event) => ({ mm: "p", site: "", label: "", value: 1, aux: 0, ...event }) as SavedEvent);
      replay(story, [], [figures]);
      const steps = figures.steps(100_000);
      expect({ R: steps.map(({ waited_ns }) => waited_ns.R), W: steps.map(({ waited_ns }) => waited_ns.W) }).toEqual(
        expected,
      );
    }),
  );
});
