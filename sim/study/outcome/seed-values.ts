/** What is kept of each seed beside the sum of all: what two studies are compared by, and what budgets judge. */
import { parseMetricKey } from "../../measure/metrics/metrics.ts";
import { type Bounds, finite, isCertain } from "../bounds.ts";
import { type Budget, statisticName } from "../budget.ts";
import { siteBudgets } from "../regression.ts";
import type { Replication } from "../replication.ts";
import { countOf, ofSamples, samplesOf, valueIn } from "../statistic.ts";

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
  /**
   * Of the values above those that samples which had not ended may still make larger, by `metric statistic`: at most this, null where
   * nothing limits it. The values themselves take each such sample for as long as its age.
   */
  readonly at_most?: Readonly<Record<string, number | null>>;
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
    const at_most: Record<string, number | null> = {};
    const low = (name: string, bounds: Bounds | null): number | null => {
      if (bounds !== null && !isCertain(bounds)) at_most[name] = finite(bounds.high);
      return bounds?.low ?? null;
    };
    const keys = [...metrics.histograms.keys()].filter(isCompared).sort();
    const compared = keys.map((key) => {
      const { name, tags } = parseMetricKey(key);
      const samples = samplesOf(metrics, name, tags);
      const stat = (what: ComparedStat): number | null =>
        low(`${key} ${what}`, ofSamples(samples, comparedAggregates[what]));
      const count = low(`${key} count`, countOf(samples, name));
      return { key, count, values: { mean: stat("mean"), p50: stat("p50"), p99: stat("p99"), max: stat("max") } };
    });
    const judged = [
      ...compared.map(({ key, count }): [string, number | null] => [`${key} count`, count]),
      ...statistics.map((budget): [string, number | null] => {
        const name = statisticName(budget);
        return [name, low(name, valueIn(metrics, simulated_ns, budget))];
      }),
    ];
    return {
      seed,
      values: Object.fromEntries(compared.map(({ key, values }) => [key, values])),
      judged: Object.fromEntries(judged),
      ...(Object.keys(at_most).length === 0 ? {} : { at_most }),
    };
  });
}

const comparedAggregates: { readonly [S in ComparedStat]: Parameters<typeof ofSamples>[1] } = {
  mean: { kind: "mean" },
  p50: { kind: "percentile", p: 50 },
  p99: { kind: "percentile", p: 99 },
  max: { kind: "max" },
};

/** A kept value with what it may become. @param name `metric statistic`. */
export function keptBounds({ at_most }: SeedValues, name: string, value: number | null): Bounds | null {
  if (value === null) return null;
  const high = at_most?.[name];
  return { low: value, high: high === undefined ? value : (high ?? Number.POSITIVE_INFINITY) };
}
