/** A budget: what a statistic of a metric may be at most (or at least), and how sure one must be. */
import { countWhere, type Metrics, samplesWhere, type Tags } from "../measure/metrics/metrics.ts";

/** Which statistic of a metric. `share` is that of samples above a limit, ns. */
export type Aggregate =
  | { readonly kind: "count" | "rate" | "mean" | "min" | "max" }
  | { readonly kind: "percentile"; readonly p: number }
  | { readonly kind: "share"; readonly above_ns: number };

/** What it is held against: a value, or `factor` times the baseline. */
export type Limit =
  | { readonly kind: "absolute"; readonly value: number }
  | { readonly kind: "baseline"; readonly factor: number };

/** One budget, parsed. */
export interface Budget {
  /** As written: `mmap_sem.wait{mode=R}`. */
  readonly metric: string;
  readonly name: string;
  readonly tags: Tags;
  /** As written: `p99 <= 1ms`. */
  readonly assert: string;
  readonly aggregate: Aggregate;
  readonly op: "<=" | "<" | ">=" | ">" | "==";
  readonly limit: Limit;
  /** `off`: not looked at. `warn`: told, and no failure. */
  readonly level: "off" | "warn" | "error";
  /** 0..1. */
  readonly confidence: number;
  /** Smallest relative change that matters, for a limit that is the baseline itself. */
  readonly minEffect: number;
  /** Excused until the end of that day, `2026-12-31`, and why. */
  readonly waiver: { readonly until: string; readonly reason: string } | null;
  /** `file:line:col`. */
  readonly where: string;
}

/** The name of the statistic: `mmap_sem.wait{mode=R} p99`. */
export function statisticName({ metric, assert }: Pick<Budget, "metric" | "assert">): string {
  return `${metric} ${assert.split(/[<>=]=?(?!.*\))/)[0]?.trim() ?? assert}`;
}

/** The statistic in one replication; null where there is no sample. Rates are a second, shares 0..1. */
export function valueIn(metrics: Metrics, simulated_ns: number, budget: Budget): number | null {
  const { name, tags, aggregate } = budget;
  const histogram = samplesWhere(metrics, name, tags);
  const n = histogram.count > 0 ? histogram.count : countWhere(metrics, name, tags);
  switch (aggregate.kind) {
    case "count":
      return n;
    case "rate":
      return (n * 1e9) / simulated_ns;
    case "mean":
      return histogram.mean;
    case "min":
      return histogram.count === 0 ? null : histogram.min;
    case "max":
      return histogram.count === 0 ? null : histogram.max;
    case "percentile":
      return histogram.percentile(aggregate.p);
    case "share":
      return histogram.count === 0 ? null : shareAbove(histogram, aggregate.above_ns);
  }
}

function shareAbove(histogram: ReturnType<typeof samplesWhere>, above: number): number {
  let over = 0;
  histogram.forEachBucket((lo, _hi, count) => {
    if (lo > above) over += count;
  });
  return over / histogram.count;
}
