/**
 * One statistic of a metric in a run: what a budget limits, a sweep prints, a comparison compares, a precision narrows and a measured
 * cell is held against.
 */
import type { Histogram } from "../measure/metrics/histogram.ts";
import {
  countWhere,
  metricKey,
  type Metrics,
  parseMetricKey,
  samplesWhere,
  type Tags,
  totalWhere,
} from "../measure/metrics/metrics.ts";

/**
 * What is taken of the samples: `rate` is how many there are a second of simulated time, `sum_rate` their sum a second, `share` that of
 * the samples above a limit, ns.
 */
export type Aggregate = { readonly kind: "count" | "rate" | "sum_rate" } | OfSamples;

/** Those that need the samples themselves. */
type OfSamples =
  | { readonly kind: "mean" | "min" | "max" }
  | { readonly kind: "percentile"; readonly p: number }
  | { readonly kind: "share"; readonly above_ns: number };

/** A metric, narrowed down by its tags, and what is taken of it. */
export interface Statistic {
  /** As written: `mmap_sem.wait{mode=R}`. */
  readonly metric: string;
  readonly name: string;
  readonly tags: Tags;
  readonly aggregate: Aggregate;
}

const plainKinds = ["count", "rate", "sum_rate", "mean", "min", "max"] as const;

/** The aggregates in words, for messages. */
export const aggregateNames = [...plainKinds, "pN"].join(", ");

/**
 * Reads `count`, `sum_rate`, `p99`, `p99.9` (or `p99_9`) and `share(>1ms)`; null for what is none of them.
 *
 * @param duration reads the limit of a share, ns; without it a share is not known.
 */
export function parseAggregate(text: string, duration?: (text: string) => number): Aggregate | null {
  const kind = plainKinds.find((one) => one === text);
  if (kind !== undefined) return { kind };
  const [, p] = /^p(\d{1,2}(?:[._]\d+)?)$/.exec(text) ?? [];
  if (p !== undefined) return { kind: "percentile", p: Number(p.replace("_", ".")) };
  const [, limit] = /^share\(\s*>([^)]*)\)$/.exec(text) ?? [];
  return limit === undefined || duration === undefined ? null : { kind: "share", above_ns: duration(limit.trim()) };
}

/**
 * Reads a statistic from the key of its metric and the word of its aggregate.
 *
 * @throws RangeError for what is no key, and no aggregate.
 */
export function parseStatistic(metric: string, word: string): Statistic {
  const { name, tags } = parseMetricKey(metric);
  const aggregate = parseAggregate(word);
  if (aggregate === null) throw new RangeError(`expected one of ${aggregateNames}, got "${word}"`);
  return { metric, name, tags, aggregate };
}

/** The aggregate as a word that names columns and fields: `p99_9`. */
export function aggregateWord(aggregate: Aggregate): string {
  if (aggregate.kind === "percentile") return `p${String(aggregate.p).replace(".", "_")}`;
  return aggregate.kind === "share" ? `share(>${aggregate.above_ns}ns)` : aggregate.kind;
}

/** `mmap_sem.wait{mode=R}:p99`: what columns and objectives are called. */
export function columnName({ metric, aggregate }: Statistic): string {
  return `${metric}:${aggregateWord(aggregate)}`;
}

/**
 * The value of a statistic over everything that has its tags: ns, counts, a second of either, or a share of 0 to 1. Null for what has no
 * meaning without a sample where there is none; 0 for the count of what does not exist.
 */
export function valueIn(metrics: Metrics, simulated_ns: number, { name, tags, aggregate }: Statistic): number | null {
  const histogram = metrics.histograms.get(metricKey(name, tags)) ?? samplesWhere(metrics, name, tags);
  const n = (): number => (histogram.count > 0 ? histogram.count : countWhere(metrics, name, tags));
  switch (aggregate.kind) {
    case "count":
      return n();
    case "rate":
      return (n() * 1e9) / simulated_ns;
    case "sum_rate":
      return ((histogram.sum + totalWhere(metrics, name, tags).sum) * 1e9) / simulated_ns;
    default:
      return ofSamples(histogram, aggregate);
  }
}

/** The value over samples that are at hand; null without one. */
export function ofSamples(histogram: Histogram, aggregate: OfSamples): number | null {
  if (histogram.count === 0) return null;
  switch (aggregate.kind) {
    case "mean":
      return histogram.mean;
    case "min":
      return histogram.min;
    case "max":
      return histogram.max;
    case "percentile":
      return histogram.percentile(aggregate.p);
    case "share":
      return shareAbove(histogram, aggregate.above_ns);
  }
}

function shareAbove(histogram: Histogram, above: number): number {
  let over = 0;
  histogram.forEachBucket((lo, _hi, count) => {
    if (lo > above) over += count;
  });
  return over / histogram.count;
}
