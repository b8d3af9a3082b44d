import { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { type Metrics, sorted } from "../../sim/measure/metrics/metrics.ts";
import { type Bounds, finite, isCertain } from "../../sim/study/bounds.ts";
import { ofSamples, type Samples } from "../../sim/study/statistic.ts";

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
  /** The ages of the samples that had not ended, where there are any. They are in all that stands above, each for as long as its age. */
  readonly open?: { readonly count: number; readonly min: number; readonly max: number; readonly sum: number };
  /** Then the statistics above that they may still make larger, each with the most it may become: null where nothing limits it. */
  readonly at_most?: Readonly<Record<string, number | null>>;
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

const stats = {
  min: { kind: "min" },
  max: { kind: "max" },
  mean: { kind: "mean" },
  p50: { kind: "percentile", p: 50 },
  p90: { kind: "percentile", p: 90 },
  p99: { kind: "percentile", p: 99 },
  p99_9: { kind: "percentile", p: 99.9 },
} as const;

/**
 * The statistics of a distribution. Count, min, max and sum are exact, percentiles within 0.1 %. Samples that have not ended are among
 * them, each for as long as its age.
 */
export function summarize({ ended, open }: Samples): DurationSummary {
  const at_most: Record<string, number | null> = {};
  const value = (stat: keyof typeof stats): number | null => {
    const bounds = ofSamples({ ended, open }, stats[stat]);
    if (bounds !== null && !isCertain(bounds)) at_most[stat] = finite(bounds.high);
    return bounds?.low ?? null;
  };
  return {
    unit: "ns",
    count: ended.count + open.count,
    min: value("min"),
    max: value("max"),
    sum: ended.sum + open.sum,
    mean: value("mean"),
    p50: value("p50"),
    p90: value("p90"),
    p99: value("p99"),
    p99_9: value("p99_9"),
    ...(open.count === 0 ? {} : { open: { count: open.count, min: open.min, max: open.max, sum: open.sum }, at_most }),
  };
}

/** What a summary knows of a statistic. */
export function summaryBounds(summary: DurationSummary, stat: keyof typeof stats): Bounds | null {
  const low = summary[stat];
  if (low === null) return null;
  const high = summary.at_most?.[stat];
  return { low, high: high === undefined ? low : (high ?? Number.POSITIVE_INFINITY) };
}

/** Every metric by its key, keys sorted; `describe` makes what a distribution becomes. */
export function summarizeAll<T>(
  metrics: Metrics,
  describe: (samples: Samples) => T,
): Record<string, T | TotalSummary | CountSummary> {
  const all = new Map<string, T | TotalSummary | CountSummary>();
  for (const [key, samples] of distributions(metrics)) all.set(key, describe(samples));
  for (const [key, { count, sum, max }] of metrics.totals) all.set(key, { unit: "ns", count, sum, max });
  for (const [key, count] of metrics.counts) all.set(key, { unit: "1", count });
  return Object.fromEntries(sorted(all));
}

/** Every distribution by its key. */
export function distributions({ histograms, open }: Metrics): [string, Samples][] {
  return [...histograms].map(([key, ended]) => [key, { ended, open: open.get(key) ?? new Histogram() }]);
}
