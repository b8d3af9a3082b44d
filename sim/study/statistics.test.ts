import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Stream } from "../engine/random.ts";
import { exceedance, holm, logInterval, meanInterval, mser5, wilcoxon } from "./statistics.ts";

const normalish = (name: string, n: number): number[] => {
  const draws = new Stream("1", name, "test");
  // Twelve uniforms less six: mean 0, variance 1.
  return Array.from({ length: n }, () => Array.from({ length: 12 }, () => draws.uniform()).reduce((a, b) => a + b, -6));
};

describe("intervals over replications", () => {
  test("Student's: 10 values of 1..10 have 5.5 +- 2.262157 standard errors at 95 %", () => {
    const { point, low, high, method } = meanInterval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95);
    const error = Math.sqrt(55 / 6 / 10);
    expect([point, method]).toEqual([5.5, "t"]);
    expect(high - point).toBeCloseTo(2.262157 * error, 5);
    expect(point - low).toBeCloseTo(2.262157 * error, 5);
  });

  test("equal values have no interval, they are identical; one value alone has an endless one", () => {
    expect(meanInterval([3, 3, 3], 0.95)).toEqual({ point: 3, low: 3, high: 3, n: 3, method: "identical" });
    expect(logInterval([3, 3], 0.95)).toMatchObject({ point: 3, low: 3, high: 3, method: "identical" });
    expect(meanInterval([1, 2], 0.95).method).toBe("t");
  });

  test("on the log scale the interval is that of the logarithms", () => {
    const values = [1, 2, 4, 8];
    const logs = meanInterval(values.map(Math.log), 0.9);
    const { point, low, high } = logInterval(values, 0.9);
    expect([point, low, high].map(Math.log)).toEqual([
      expect.closeTo(logs.point, 9),
      expect.closeTo(logs.low, 9),
      expect.closeTo(logs.high, 9),
    ]);
  });

  test("cover a known mean as often as they say: 95 % of 400 samples of ten, within three standard errors", () => {
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      const { low, high } = meanInterval(normalish(`trial-${trial}`, 10), 0.95);
      if (low <= 0 && high >= 0) covered++;
    }
    expect(Math.abs(covered / 400 - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / 400));
  });

  test("the one-sided test agrees with the interval's ends", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 20 }), (values) => {
        const { low, high, method } = meanInterval(values, 0.95);
        if (method === "identical") return exceedance(values, low - 1) === 0 && exceedance(values, low) === 1;
        return Math.abs(exceedance(values, low) - 0.025) < 1e-6 && Math.abs(exceedance(values, high) - 0.975) < 1e-6;
      }),
    );
  });
});

describe("tests", () => {
  test("Wilcoxon's exact probability: all of n on one side is 2 / 2^n, and 1 2 3 -4 5 is 0.4375", () => {
    expect(wilcoxon([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBeCloseTo(2 / 1024, 9);
    expect(wilcoxon([1, 2, 3, -4, 5])).toBeCloseTo(0.4375, 9);
    expect(wilcoxon([0, 0])).toBe(1);
    expect(wilcoxon([1, -1, 1, -1])).toBe(1);
  });

  test("Holm: the smallest is multiplied by their number, no later one is smaller than an earlier", () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([])).toEqual([]);
    expect(holm([0.6, 0.9])).toEqual([1, 1]);
  });
});

describe("MSER-5", () => {
  test("cuts a warm-up of high values and leaves a steady series alone, but for a little", () => {
    const steady = normalish("steady", 500);
    const warming = [...Array.from({ length: 100 }, (_, i) => 20 - i / 5), ...steady];
    expect(mser5(warming)).toBeGreaterThanOrEqual(80);
    expect(mser5(warming)).toBeLessThan(160);
    expect(mser5(Array(100).fill(7))).toBe(0);
  });

  test("never cuts more than half and a batch", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 10, maxLength: 200 }),
        (values) => mser5(values) <= values.length / 2 + 5,
      ),
    );
  });
});
