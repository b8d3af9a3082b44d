/** One side of a comparison: a variant as it was just run, or as a saved result has it. */
import { parseMetricKey } from "../../sim/measure/metrics/metrics.ts";
import type { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { type Budget, statisticName, valueIn } from "../../sim/study/budget.ts";
import { siteBudgets } from "../../sim/study/regression.ts";
import type { Replication } from "../../sim/study/replication.ts";
import type { DurationSummary } from "../words/metric-summary.ts";
import { summarize } from "../words/metric-summary.ts";
import type { VariantOutcome } from "./outcome.ts";

/** The statistics that are compared. */
export const comparedStats = ["mean", "p50", "p99", "max"] as const;
export type ComparedStat = (typeof comparedStats)[number];

/** Each of them, ns; null where there is no sample. */
export type ComparedValues = Readonly<Record<ComparedStat, number | null>>;

/** One seed of a result, in what is compared. */
export interface SeedValues {
  readonly seed: string;
  readonly values: Readonly<Record<string, ComparedValues>>;
  /**
   * What is judged, by `metric statistic`: of the budgets, the mean hold of each site, and the counts of what is compared. In ns, counts,
   * a second, or shares. The first results did not have it.
   */
  readonly judged?: Readonly<Record<string, number | null>>;
}

/** What a comparison needs to know of a variant. */
export interface Side {
  readonly variant: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly ending: string;
  readonly seeds: readonly string[];
  /** All seeds pooled, by metric. */
  readonly pooled: ReadonlyMap<string, DurationSummary>;
  readonly bySeed: readonly SeedValues[];
}

/** Hold, wait and hold_io by {mode} and {mode,role}, and op.latency by {role}. */
export function isCompared(metric: string): boolean {
  const { name, tags } = parseMetricKey(metric);
  const by = Object.keys(tags).sort().join();
  if (name === "op.latency") return by === "role";
  const isLock = name === "mmap_sem.hold" || name === "mmap_sem.wait" || name === "mmap_sem.hold_io";
  return isLock && (by === "mode" || by === "mode,role");
}

/** The side that has just been run. */
export function sideOf(outcome: VariantOutcome): Side {
  const { variant, axes, ending, seeds, metrics } = outcome;
  const pooled = [...metrics.histograms].filter(([key]) => isCompared(key));
  return {
    variant,
    axes,
    ending,
    seeds,
    pooled: new Map(pooled.map(([key, histogram]) => [key, summarize(histogram)])),
    bySeed: outcome.by_seed,
  };
}

/** What is compared and what is judged, seed by seed. */
export function seedValues(replications: readonly Replication[], budgets: readonly Budget[]): SeedValues[] {
  const statistics = [...budgets, ...siteBudgets(replications, "")];
  return replications.map(({ seed, metrics, simulated_ns }) => {
    const compared = [...metrics.histograms].filter(([key]) => isCompared(key)).sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      seed,
      values: Object.fromEntries(compared.map(([key, histogram]) => [key, valuesOf(histogram)])),
      judged: Object.fromEntries([
        ...compared.map(([key, histogram]) => [`${key} count`, histogram.count]),
        ...statistics.map((budget) => [statisticName(budget), valueIn(metrics, simulated_ns, budget)]),
      ]),
    };
  });
}

function valuesOf(histogram: Histogram): ComparedValues {
  const { mean, p50, p99, max } = summarize(histogram);
  return { mean, p50, p99, max };
}
