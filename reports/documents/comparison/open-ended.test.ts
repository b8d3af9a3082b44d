import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bounds } from "../../../sim/study/bounds.ts";
import { differenceInterval, differenceSentence, factorText } from "./difference-words.ts";
import { pairedBounds } from "./open-ended.ts";

const seeds = ["1", "2", "3"];
const values = [1e6, 1.1e6, 1.2e6];
const endless = Number.POSITIVE_INFINITY;

function compared(factor: number, open: { before?: number; after?: number }) {
  const of = (times: number, high: number | undefined) =>
    new Map(
      values.map((value, i): [string, Bounds] => {
        const low = value * times * (1 + i / 1000);
        return [seeds[i] as string, { low, high: high === undefined ? low : low * high }];
      }),
    );
  const pair = pairedBounds("max", seeds, of(1, open.before), of(factor, open.after));
  return { ...pair, variant: "b", metric: "mmap_sem.wait{mode=R}", stat: "max" as const };
}

test("where the candidate may still grow, longer is sure and shorter is not; the factor is at least what it is now", () => {
  const longer = compared(4, { after: endless });
  expect([longer.effect, factorText(longer), differenceInterval(longer)]).toEqual(["longer", "≥ × 4.00", "[≥ × 4.00]"]);
  expect(differenceSentence(longer)).toBe("1.10 ms -> ≥ 4.39 ms, ▲ ≥ × 4.00 [≥ × 4.00]");
  const shorter = compared(1 / 4, { after: endless });
  expect([shorter.effect, factorText(shorter), differenceInterval(shorter)]).toEqual([
    "unknown",
    "≤ ÷ 4.00",
    "[≤ ÷ 4.00]",
  ]);
  expect(differenceSentence(shorter)).toContain("what had not ended may still change it");
});

test("where the reference may still grow, shorter is sure and longer is not", () => {
  const shorter = compared(1 / 4, { before: endless });
  expect([shorter.effect, factorText(shorter), differenceInterval(shorter)]).toEqual([
    "shorter",
    "≥ ÷ 4.00",
    "[≥ ÷ 4.00]",
  ]);
  expect(differenceSentence(shorter)).toMatch(/^≥ 1\.10 ms -> 27\d µs, ▼/);
  expect(compared(4, { before: endless }).effect).toBe("unknown");
});

test("where both may grow there is no ratio, and where they may grow by a little what holds anyway is claimed", () => {
  const both = compared(4, { before: endless, after: endless });
  expect([both.effect, both.ratio, factorText(both), differenceInterval(both)]).toEqual(["unknown", null, "-", "-"]);
  expect(compared(1 / 4, { after: 1.5 }).effect).toBe("shorter");
  expect(compared(1 / 4, { after: 5 }).effect).toBe("unknown");
  expect(compared(1, { after: 1.5 }).effect).toBe("unknown");
  expect(compared(1, {}).effect).toBe("equal");
});

test("where what is open is limited the interval reaches from the least change that is possible to the largest", () => {
  const shorter = compared(1 / 4, { before: 1.5 });
  expect([shorter.effect, factorText(shorter), differenceInterval(shorter)]).toEqual([
    "shorter",
    "≥ ÷ 4.00",
    "[÷ 6.00, ÷ 4.00]",
  ]);
  const both = compared(4, { before: 2, after: 1.5 });
  expect([both.effect, factorText(both), differenceInterval(both)]).toEqual(["longer", "-", "[× 2.00, × 6.00]"]);
});

test("where a seed has 0 the same is said of the difference", () => {
  const compare = (high: number) =>
    pairedBounds(
      "p99",
      seeds,
      new Map(seeds.map((seed, i): [string, Bounds] => [seed, { low: 1e6 + i, high }])),
      new Map(seeds.map((seed): [string, Bounds] => [seed, { low: 0, high: 0 }])),
    );
  const row = (pair: ReturnType<typeof compare>) => ({
    ...pair,
    variant: "b",
    metric: "m{mode=R}",
    stat: "p99" as const,
  });
  const texts = (high: number) => [factorText(row(compare(high))), differenceInterval(row(compare(high)))];
  expect(texts(endless)).toEqual(["to 0", "[≤ -1.00 ms]"]);
  expect(texts(2e6)).toEqual(["to 0", "[-2.00, -1.00 ms]"]);
});

test("whatever becomes of what is open, the mean change lies between the means of the least and of the largest, and those in the interval", () => {
  const time = fc.integer({ min: 1, max: 1e6 });
  const seed = fc.record({ low: time, more: time, part: fc.double({ min: 0, max: 1, noNaN: true }) });
  const side = fc.array(seed, { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(side, side, (before, after) => {
      const bounds = (all: typeof before) =>
        new Map(all.map(({ low, more }, i): [string, Bounds] => [seeds[i] as string, { low, high: low + more }]));
      const { interval } = pairedBounds("p99", seeds, bounds(before), bounds(after));
      const became = (all: typeof before) => all.map(({ low, more, part }) => Math.log(low + part * more));
      const [a, b] = [became(before), became(after)];
      const mean = a.reduce((sum, value, i) => sum + (b[i] as number) - value, 0) / a.length;
      if (interval === null) throw new Error("there is no interval");
      expect(Math.log(interval.low)).toBeLessThanOrEqual(mean + 1e-9);
      expect(Math.log(interval.high)).toBeGreaterThanOrEqual(mean - 1e-9);
    }),
  );
});
