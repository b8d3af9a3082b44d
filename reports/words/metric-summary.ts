import type { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { type Metrics, sorted } from "../../sim/measure/metrics/metrics.ts";

/** A distribution in a document. All in ns but `count`; what has no meaning without samples is `null`. */
export interface DurationSummary {
  readonly unit: "ns";
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p99_9: number | null;
}

/** Times that were only summed up, in a document; ns but `count`. */
export interface TotalSummary {
  readonly unit: "ns";
  readonly count: number;
  readonly sum: number;
  readonly max: number;
}

/** A count in a document. */
export interface CountSummary {
  readonly unit: "1";
  readonly count: number;
}

/** The statistics of a distribution. Count, min, max and sum are exact, percentiles within 0.1 %. */
export function summarize(histogram: Histogram): DurationSummary {
  const { count, min, max, sum, mean } = histogram;
  return {
    unit: "ns",
    count,
    min: count === 0 ? null : min,
    max: count === 0 ? null : max,
    sum,
    mean,
    p50: histogram.percentile(50),
    p90: histogram.percentile(90),
    p99: histogram.percentile(99),
    p99_9: histogram.percentile(99.9),
  };
}

/** Every metric by its key, keys sorted; `describe` makes what a distribution becomes. */
export function summarizeAll<T>(
  metrics: Metrics,
  describe: (histogram: Histogram) => T,
): Record<string, T | TotalSummary | CountSummary> {
  const all = new Map<string, T | TotalSummary | CountSummary>();
  for (const [key, histogram] of metrics.histograms) all.set(key, describe(histogram));
  for (const [key, { count, sum, max }] of metrics.totals) all.set(key, { unit: "ns", count, sum, max });
  for (const [key, count] of metrics.counts) all.set(key, { unit: "1", count });
  return Object.fromEntries(sorted(all));
}
