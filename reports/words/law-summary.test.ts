import { expect, test } from "vitest";
import { lawSummary } from "./law-summary.ts";

test("a measured law is told with its number of values, mean, median, p99, maximum and a sign for each octave", () => {
  const law = {
    kind: "empirical",
    source: "x",
    lo_ns: [100_000, 9_000_000],
    hi_ns: [101_000, 10_000_000],
    counts: [9_000, 1_000],
  } as const;
  expect(lawSummary(law)).toBe(
    "10,000 values, mean 1.04 ms, p50 101 µs, p99 9.90 ms, max 10.0 ms  |█      ▁| 65.5 µs to 16.8 ms",
  );
});

test("a formula has no number of values, and no maximum where it has none", () => {
  expect(lawSummary({ kind: "uniform", min_ns: 1_000_000, max_ns: 2_000_000 })).toBe(
    "mean 1.50 ms, p50 1.50 ms, p99 1.99 ms, max 2.00 ms  |▁█| 524 µs to 2.10 ms",
  );
  expect(lawSummary({ kind: "exponential", mean_ns: 1_000_000 })).toMatch(
    /^mean 1\.00 ms, p50 693 µs, p99 4\.61 ms, max unbounded {2}\|/,
  );
  expect(lawSummary({ kind: "pareto", scale_ns: 1_000, alpha: 1 })).toMatch(/^mean infinite, p50 2\.00 µs, /);
});

test("a law over many octaves is drawn in at most 32 signs", () => {
  const wide = { kind: "empirical", source: "x", lo_ns: [1, 2 ** 40], hi_ns: [1, 2 ** 40], counts: [1, 1] } as const;
  const [, picture = ""] = /\|(.*)\|/.exec(lawSummary(wide)) ?? [];
  expect([...picture].length).toBeLessThanOrEqual(32);
  expect([[...picture][0], [...picture].at(-1)]).toEqual(["█", "█"]);
});
