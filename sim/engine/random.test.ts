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
