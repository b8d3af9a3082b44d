/**
 * One statistic of a metric in a run: what a budget limits, a sweep prints, a comparison compares, a precision narrows and a measured
 * cell is held against.
 */
import { Histogram } from "../measure/metrics/histogram.ts";
import {
  countWhere,
  metricKey,
  type Metrics,
  openWhere,
  parseMetricKey,
  samplesWhere,
  type Tags,
  totalWhere,
} from "../measure/metrics/metrics.ts";
import { type Bounds, exactly } from "./bounds.ts";

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
  /** As in documents: `mmap_sem.wait{mode=R}`. */
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
 * Reads a statistic from the key of its metric and the word of its aggregate. `mmap_lock.…`, the name since v5.8, is kept as `mmap_sem.…`,
 * which documents have for every kernel.
 *
 * @throws RangeError for what is no key, and no aggregate.
 */
export function parseStatistic(metric: string, word: string): Statistic {
  const known = metric.replace(/^mmap_lock\./, "mmap_sem.");
  const { name, tags } = parseMetricKey(known);
  const aggregate = parseAggregate(word);
  if (aggregate === null) throw new RangeError(`expected one of ${aggregateNames}, got "${word}"`);
  return { metric: known, name, tags, aggregate };
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

/** Samples of a distribution: those that ended, and of those that did not their ages. */
export interface Samples {
  readonly ended: Histogram;
  readonly open: Histogram;
}

/** The samples of a metric over everything that has its tags. */
export function samplesOf(metrics: Metrics, name: string, tags: Tags): Samples {
  const key = metricKey(name, tags);
  const ended = metrics.histograms.get(key);
  return ended === undefined
    ? { ended: samplesWhere(metrics, name, tags), open: openWhere(metrics, name, tags) }
    : { ended, open: metrics.open.get(key) ?? nothing };
}

const nothing = new Histogram();

/**
 * The value of a statistic over everything that has its tags: ns, counts, a second of either, or a share of 0 to 1. Null for what has no
 * meaning without a sample where there is none; 0 for the count of what does not exist. Samples that have not ended count as right-censored;
 * see {@link ofSamples}.
 */
export function valueIn(metrics: Metrics, simulated_ns: number, { name, tags, aggregate }: Statistic): Bounds | null {
  const samples = samplesOf(metrics, name, tags);
  const count = (): Bounds => {
    const { low, high } = countOf(samples, name);
    return high === 0 ? exactly(countWhere(metrics, name, tags)) : { low, high };
  };
  switch (aggregate.kind) {
    case "count":
      return count();
    case "rate":
      return perSecond(count(), simulated_ns);
    case "sum_rate": {
      const { low, high } = sumOf(samples);
      const summed = totalWhere(metrics, name, tags).sum;
      return perSecond({ low: low + summed, high: high + summed }, simulated_ns);
    }
    default:
      return ofSamples(samples, aggregate);
  }
}

/** How many samples there are. An operation that is open may yet fail, and a failed one has no latency; everything else that has begun is one. */
export function countOf({ ended, open }: Samples, name: string): Bounds {
  const high = ended.count + open.count;
  return { low: name === "op.latency" ? ended.count : high, high };
}

function perSecond({ low, high }: Bounds, simulated_ns: number): Bounds {
  return { low: (low * 1e9) / simulated_ns, high: (high * 1e9) / simulated_ns };
}

/**
 * The value over samples that are at hand; null without one. A sample that has not ended is at least as long as its age:
 *
 * - `low` takes each for as long as its age, `high` for as long as it may become: a maximum has no limit then, a percentile that of the
 *   ranks below, and of a share above a limit all of them are above.
 * - A mean and a sum have no limit either: one sample that never ends outweighs all that did.
 */
export function ofSamples(samples: Samples, aggregate: OfSamples): Bounds | null {
  const { ended, open } = samples;
  const all = ended.count + open.count;
  if (all === 0) return null;
  const unlimited = Number.POSITIVE_INFINITY;
  switch (aggregate.kind) {
    case "mean": {
      const { low, high } = sumOf(samples);
      return { low: low / all, high: high / all };
    }
    case "min": {
      const high = ended.count === 0 ? unlimited : ended.min;
      return { low: open.count === 0 ? high : Math.min(high, open.min), high };
    }
    case "max":
      return { low: Math.max(ended.max, open.max), high: open.count === 0 ? ended.max : unlimited };
    case "percentile":
      return percentileOf(samples, aggregate.p);
    case "share": {
      const over = above(ended, aggregate.above_ns);
      return { low: (over + above(open, aggregate.above_ns)) / all, high: (over + open.count) / all };
    }
  }
}

/** All samples in one, those that have not ended as long as their age: what a picture shows. */
export function aged({ ended, open }: Samples): Histogram {
  if (open.count === 0) return ended;
  const all = new Histogram();
  all.merge(ended);
  all.merge(open);
  return all;
}

function percentileOf({ ended, open }: Samples, p: number): Bounds {
  const high = ended.percentile(p, open.count) as number;
  if (open.count === 0) return exactly(high);
  // Both are taken from within a bucket, of which the two histograms know different parts.
  return { low: Math.min(high, aged({ ended, open }).percentile(p) as number), high };
}

/** The sum of all samples, which has no limit once one is open. */
export function sumOf({ ended, open }: Samples): Bounds {
  return { low: ended.sum + open.sum, high: open.count === 0 ? ended.sum : Number.POSITIVE_INFINITY };
}

/** How many values are above a limit, to the width of a bucket. */
function above(histogram: Histogram, limit: number): number {
  let over = 0;
  histogram.forEachBucket((lo, _hi, count) => {
    if (lo > limit) over += count;
  });
  return over;
}
