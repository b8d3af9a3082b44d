import { describe, expect, test } from "vitest";
import type { Law } from "./law.ts";
import { KeyedDraws, Stream } from "./random.ts";
import { meanOf, normalQuantile, samplerOf } from "./sampler.ts";

/** Chi-square of `n` draws over 100 equal bins; its mean is 99, and 160 is beyond the 99.99th percentile. */
function chiSquare(n: number, draw: (i: number) => number): number {
  const bins = new Array<number>(100).fill(0);
  for (let i = 0; i < n; i++) {
    const bin = Math.floor(draw(i) * 100);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins.reduce((sum, count) => sum + (count - n / 100) ** 2 / (n / 100), 0);
}

describe("keyed draws", () => {
  const draws = new KeyedDraws("1", "disk", "latency");

  test("are uniform along either part of the key, and in the low digits", () => {
    expect(chiSquare(100_000, (i) => draws.uniform(i, 0))).toBeLessThan(160);
    expect(chiSquare(100_000, (i) => draws.uniform(7, i))).toBeLessThan(160);
    expect(chiSquare(100_000, (i) => (draws.uniform(i, 3) * 1e6) % 1)).toBeLessThan(160);
  });

  test("neighbouring keys are not correlated", () => {
    let sum = 0;
    const n = 100_000;
    for (let i = 0; i < n; i++) sum += (draws.uniform(i, 0) - 0.5) * (draws.uniform(i, 1) - 0.5);
    expect(Math.abs(sum / n) * 12).toBeLessThan(4 / Math.sqrt(n));
  });

  test("are the same for ever, so that results of one version can be held against those of another", () => {
    const keys = [
      [0, 0, 6554465249207963],
      [1, 2, 2472579169917082],
      [2, 1, 3985229715819073],
      [123456, 7, 5545699568746501],
      [2 ** 32, 0, 2571146731229593],
      [2 ** 32 + 1, 3, 4699572398034138],
    ] as const;
    for (const [i, j, key] of keys) expect([draws.key(i, j), draws.uniform(i, j)]).toEqual([key, key / 2 ** 53]);
    expect(new Stream("1", "a", "think").uniform()).toBe(0.19666029868051849);
  });

  test("depend on seed, entity, purpose and both parts of the key", () => {
    const all = [
      draws.uniform(1, 2),
      draws.uniform(2, 1),
      new KeyedDraws("2", "disk", "latency").uniform(1, 2),
      new KeyedDraws("1", "disc", "latency").uniform(1, 2),
      new KeyedDraws("1", "disk", "eviction").uniform(1, 2),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(new KeyedDraws("1", "disk", "latency").uniform(1, 2)).toBe(all[0]);
  });
});

test("a stream is named by seed, entity and purpose, and by nothing else", () => {
  const first = (name: Stream): number[] => [name.uniform(), name.uniform()];
  expect(first(new Stream("1", "a", "think"))).toEqual(first(new Stream("1", "a", "think")));
  expect(first(new Stream("1", "a", "think"))).not.toEqual(first(new Stream("1", "b", "think")));
});

describe("a latency law", () => {
  const laws: { law: Law; quantile: (p: number) => number }[] = [
    { law: { kind: "constant", value_ns: 5_000 }, quantile: () => 5_000 },
    { law: { kind: "uniform", min_ns: 1_000, max_ns: 9_000 }, quantile: (p) => 1_000 + 8_000 * p },
    { law: { kind: "exponential", mean_ns: 1e6 }, quantile: (p) => -1e6 * Math.log(1 - p) },
    { law: { kind: "pareto", scale_ns: 1e5, alpha: 3 }, quantile: (p) => 1e5 * (1 - p) ** (-1 / 3) },
    {
      law: { kind: "lognormal", p50_ns: 1e6, p99_ns: 4e6 },
      quantile: (p) => (p === 0.5 ? 1e6 : p === 0.99 ? 4e6 : 1e6 * 4 ** (normalQuantile(p) / 2.3263478740408408)),
    },
    {
      law: { kind: "empirical", source: "test", lo_ns: [100, 1_000], hi_ns: [200, 3_000], counts: [1, 3] },
      quantile: (p) => (p < 0.25 ? 100 + 400 * p : 1_000 + (2_000 * (p - 0.25)) / 0.75),
    },
  ];

  test.each(laws)("$law.kind has the quantiles and the mean of its closed form", ({ law, quantile }) => {
    const sampler = samplerOf(law);
    for (const p of [0.1, 0.25, 0.5, 0.9, 0.99]) {
      expect(Math.abs(sampler.sample(p) - quantile(p))).toBeLessThanOrEqual(Math.max(1, quantile(p) * 1e-6));
    }
    const draws = new KeyedDraws("1", law.kind, "mean");
    const n = 200_000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += sampler.sample(draws.uniform(i, 0));
    expect(sum / n / meanOf(law)).toBeCloseTo(1, 1.7);
    expect(Number.isSafeInteger(sampler.sample(0))).toBe(true);
    expect(Number.isSafeInteger(sampler.sample(1 - 2 ** -53))).toBe(true);
  });

  test("the normal quantile is right at the points of the tables", () => {
    expect(normalQuantile(0.5)).toBeCloseTo(0, 9);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 7);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 7);
  });

  test("the normal quantile is the inverse of the distribution function, in the middle and in both tails", () => {
    // Source: the series of Abramowitz and Stegun, 26.2.11.
    const phi = (x: number): number => {
      let term = x;
      let sum = x;
      for (let k = 1; k < 200; k++) {
        term *= (x * x) / (2 * k + 1);
        sum += term;
      }
      return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
    };
    for (const p of [0.001, 0.02, 0.02424, 0.02426, 0.1, 0.3, 0.45, 0.6, 0.8, 0.97574, 0.97576, 0.99, 0.9999]) {
      expect(Math.abs(phi(normalQuantile(p)) / p - 1)).toBeLessThan(1e-8);
    }
    expect(normalQuantile(0)).toBeCloseTo(-8.2095, 3);
    expect(normalQuantile(1)).toBeCloseTo(8.2095, 3);
  });

  test("a Pareto law of a heavy tail has no mean, and no draw beyond what a number can hold", () => {
    const heavy = (alpha: number): Law => ({ kind: "pareto", scale_ns: 1000, alpha });
    expect([meanOf(heavy(0.5)), meanOf(heavy(1))]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(meanOf(heavy(2))).toBe(2000);
    expect(samplerOf(heavy(0.1)).sample(1 - 2 ** -53)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test("an empirical law draws from each bin as often as it was hit, and from an empty one never", () => {
    const law: Law = {
      kind: "empirical",
      source: "test",
      lo_ns: [0, 10, 20, 30],
      hi_ns: [10, 20, 30, 40],
      counts: [1, 0, 2, 1],
    };
    const sampler = samplerOf(law);
    expect([0, 0.125, 0.25, 0.5, 0.7499999, 0.75, 0.875].map((u) => sampler.sample(u))).toEqual([
      0, 5, 20, 25, 30, 30, 35,
    ]);
    expect(meanOf(law)).toBe((5 + 25 + 25 + 35) / 4);
    expect(() => samplerOf({ ...law, counts: [0, 0, 0, 0] })).toThrow(RangeError);
  });

  test("an empirical law without samples is refused, naming its source", () => {
    const empty: Law = { kind: "empirical", source: "x.json", lo_ns: [], hi_ns: [], counts: [] };
    expect(() => samplerOf(empty)).toThrow("latency law from x.json has no samples");
  });
});

test("which keys are below a share is what each draw says, however often it is asked", () => {
  const draws = new KeyedDraws("7", "mm/heap", "resident");
  for (const share of [0.001, 0.5, 0.6, 0.999]) {
    const expected = Array.from({ length: 5000 }, (_, i) => i).filter((i) => draws.uniform(i, 0) < share);
    for (let again = 0; again < 8; again++) {
      expect([...draws.marked(share, 5000)]).toEqual(expected);
      expect(new KeyedDraws("7", "mm/heap", "cow").marked(share, 5000)).not.toEqual(draws.marked(share, 5000));
    }
  }
});
