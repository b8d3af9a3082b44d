import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differenceInterval, effectSigns, factorText } from "./difference-words.ts";
import { type BySeed, type Paired, paired } from "./paired.ts";

const seeds = ["1", "2", "3", "4", "5"];

function ofSeeds(values: readonly (number | null)[]): BySeed {
  return new Map(values.map((value, i) => [seeds[i] as string, value]));
}

function compared(before: readonly (number | null)[], after: readonly (number | null)[], of = seeds): Paired {
  return paired("p99", of.slice(0, before.length), ofSeeds(before), ofSeeds(after));
}

const row = (pair: Paired) => ({ ...pair, variant: "b", metric: "mmap_sem.wait{mode=R}", stat: "p99" as const });

test("the factor lies in its interval, and is that of the two values beside it", () => {
  const times = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(times, times, (before, after) => {
      const { ratio, interval, reference, candidate } = compared(before, after);
      if (interval === null || ratio === null) throw new Error("there is no interval");
      expect(ratio).toBeGreaterThanOrEqual(interval.low * (1 - 1e-9));
      expect(ratio).toBeLessThanOrEqual(interval.high * (1 + 1e-9));
      expect((candidate as number) / (reference as number) / ratio).toBeCloseTo(1, 6);
    }),
  );
});

describe("what is claimed", () => {
  test("longer or shorter where the interval excludes 1, and nothing where it holds it", () => {
    expect(compared([10, 11, 12, 13, 14], [20, 22, 24, 26, 28.1]).effect).toBe("longer");
    expect(compared([10, 11, 12, 13, 14], [5, 5.5, 6, 6.5, 7.1]).effect).toBe("shorter");
    expect(compared([10, 11, 12, 13, 14], [14, 8, 12, 19, 9]).effect).toBe("unclear");
    expect(effectSigns.unclear).toBe("~");
  });

  test("where a seed has 0 the differences are taken, for they have no logarithm", () => {
    const gone = compared([100, 110, 120, 130, 140], [0, 0, 0, 0, 0]);
    expect([gone.effect, gone.ratio, gone.diff_interval?.high]).toEqual(["shorter", null, expect.any(Number)]);
    expect(factorText(row(gone))).toBe("to 0");
    expect(differenceInterval(row(gone))).toBe("[-140, -100 ns]");
    expect(compared([0, 0, 0, 0, 900], [0, 0, 0, 800, 0]).effect).toBe("unclear");
  });

  test("nothing by one seed, nor where a seed has no sample, and it says why", () => {
    expect(compared([10], [20])).toMatchObject({ effect: "unknown", interval: null, why: "one seed has no interval" });
    expect(compared([10, 11, null], [20, 21, 22])).toMatchObject({
      effect: "unknown",
      why: "2 of 3 seeds have samples of both",
    });
    expect(compared([10, 11], [null, null])).toMatchObject({ effect: "gone", candidate: null });
  });

  test("equal in every seed is equal", () => {
    expect(compared([10, 12], [10, 12])).toMatchObject({ effect: "equal", ratio: 1 });
    expect(compared([0, 0], [0, 0])).toMatchObject({ effect: "equal", ratio: null });
  });
});

test("a factor is told as such, also of a thousandth and of next to nothing", () => {
  const text = (ratio: number) => factorText(row(compared([1e9, 1e9], [1e9 * ratio, 1e9 * ratio])));
  expect([1 / 756, 0.999, 1.00041, 1.14, 20_081].map(text)).toEqual([
    "÷ 756",
    "÷ 1.001",
    "× 1.0004",
    "× 1.14",
    "× 20,081",
  ]);
});
