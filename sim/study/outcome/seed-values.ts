/** What is kept of each seed beside the sum of all: what two studies are compared by, and what budgets judge. */
import type { Histogram } from "../../measure/metrics/histogram.ts";
import { parseMetricKey } from "../../measure/metrics/metrics.ts";
import { type Budget, statisticName } from "../budget.ts";
import { siteBudgets } from "../regression.ts";
import type { Replication } from "../replication.ts";
import { ofSamples, valueIn } from "../statistic.ts";

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

/** Hold, wait and hold_io by {mode} and {mode,role}, and op.latency by {role}. */
export function isCompared(metric: string): boolean {
  const { name, tags } = parseMetricKey(metric);
  const by = Object.keys(tags).sort().join();
  if (name === "op.latency") return by === "role";
  const isLock = name === "mmap_sem.hold" || name === "mmap_sem.wait" || name === "mmap_sem.hold_io";
  return isLock && (by === "mode" || by === "mode,role");
}

/** What is compared and what is judged, seed by seed. @param budgets whose statistics are kept. */
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
  return {
    mean: ofSamples(histogram, { kind: "mean" }),
    p50: ofSamples(histogram, { kind: "percentile", p: 50 }),
    p99: ofSamples(histogram, { kind: "percentile", p: 99 }),
    max: ofSamples(histogram, { kind: "max" }),
  };
}
