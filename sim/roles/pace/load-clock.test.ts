import fc from "fast-check";
import { expect, test } from "vitest";
import type { Schedule } from "../../scenario.ts";
import { LoadClock } from "./load-clock.ts";
import { Pacer } from "./pacer.ts";

const every = (load?: Schedule["load"]): Schedule => ({
  kind: "every",
  law: { kind: "constant", value_ns: 1_000_000 },
  ...(load === undefined ? {} : { load }),
});

/** The intended starts of operations that take no time, up to `end` ns. */
function starts(schedule: Schedule, end: number): number[] {
  const pacer = new Pacer("1", "reader", schedule);
  const found: number[] = [];
  for (let at = pacer.next(0); at < end; at = pacer.next(at)) found.push(at);
  return found;
}

test("in each step there are as many operations as the load says, and behind the last one it stays", () => {
  const load = { steps: [1, 4, 0.5, 2], each_ns: 100_000_000 };
  const at = starts(every(load), 600_000_000);
  const counts = [0, 1, 2, 3, 4, 5].map((i) => at.filter((ns) => Math.floor(ns / 100_000_000) === i).length);
  expect(counts).toEqual([100, 400, 50, 200, 200, 200]);
});

test("a pause across the border of two steps passes at the pace of each", () => {
  const clock = new LoadClock({ steps: [1, 4], each_ns: 1000 });
  expect(clock.timeOf(clock.at(900) + 300)).toBe(1050);
});

test("a load of 1 changes nothing, to the ns and with the same draws", () => {
  for (const kind of ["every", "think"] as const) {
    const plain: Schedule = { kind, law: { kind: "exponential", mean_ns: 333_333 } };
    expect(starts({ ...plain, load: { steps: [1, 1, 1], each_ns: 7_777_777 } }, 50_000_000)).toEqual(
      starts(plain, 50_000_000),
    );
  }
});

test("the clock never goes back, and gives the time it was read at", () => {
  const load = fc.record({
    steps: fc.array(fc.constantFrom(0.25, 0.5, 1, 2, 3, 8), { minLength: 1, maxLength: 8 }),
    each_ns: fc.integer({ min: 1, max: 1_000_000_000 }),
  });
  fc.assert(
    fc.property(load, fc.nat(1e10), fc.nat(1e10), (steps, a, b) => {
      const clock = new LoadClock(steps);
      expect(clock.timeOf(clock.at(a))).toBe(a);
      expect(clock.at(Math.max(a, b))).toBeGreaterThanOrEqual(clock.at(Math.min(a, b)));
    }),
  );
});
