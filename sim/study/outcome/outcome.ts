/** What the replications of one variant come to together. They are merged here and nowhere else. */
import { mergeMetrics, type Metrics } from "../../measure/metrics/metrics.ts";
import type { EndingKind } from "../../scenario.ts";
import type { Budget } from "../budget.ts";
import type { Replication } from "../replication.ts";
import { type SeedConvoy, worstConvoys } from "./convoys.ts";
import { worstEnding } from "./ending.ts";
import { type SeedWait, worstWait } from "./longest-wait.ts";
import { type SeedValues, seedValues } from "./seed-values.ts";

/** Why there are so many seeds: enough for the intervals of these statistics, or the most there may be. */
export interface Precision {
  /** Half the width that each interval of 95 % may have, against its value: 0..1. */
  readonly half_width: number;
  readonly reached: boolean;
  /** Why it was given up before the most seeds there may be; null where it was not. */
  readonly reason: string | null;
  /** `mmap_sem.wait{mode=R} mean` */
  readonly of: readonly string[];
}

/** What one variant of a scenario came to, all its seeds together. Plain data but for the histograms. */
export interface VariantOutcome {
  /** As it was asked for: `v6.18+gup=plain`. */
  readonly variant: string;
  readonly preset: string;
  /** What the variant means: the value of every axis. */
  readonly axes: Readonly<Record<string, string>>;
  /** The first ending that is not `duration` or `work-done`, if a seed had one. */
  readonly ending: EndingKind;
  /** Deadlocks and orphaned locks, a line each. */
  readonly findings: readonly string[];
  /** Left out at the beginning of each seed, ns. */
  readonly warm_up_ns: number;
  /** Why that is nothing though a warm-up was found. */
  readonly warm_up_refused?: string;
  /** `null` where the number of seeds was given. */
  readonly precision: Precision | null;
  /** Simulated time of all seeds together without their warm-up, ns. */
  readonly simulated_ns: number;
  /** Events of the engine, all seeds together. */
  readonly events: number;
  readonly metrics: Metrics;
  readonly seeds: readonly string[];
  /** The worst convoys of all seeds, most waiting first. */
  readonly convoys: readonly SeedConvoy[];
  /** The longest wait of all seeds, of readers if any waited; `null` when nobody did. */
  readonly longest_wait: SeedWait | null;
  /** What is compared, seed by seed, in the order of the seeds. */
  readonly by_seed: readonly SeedValues[];
}

/**
 * What the replications of one variant, in the order of their seeds, come to together.
 *
 * @param variant told of an outcome without replications, too. @param budgets whose statistics are kept by seed.
 */
export function outcomeOf(
  variant: { readonly name: string; readonly preset: string; readonly axes: Readonly<Record<string, string>> },
  replications: readonly Replication[],
  budgets: readonly Budget[] = [],
  precision: Precision | null = null,
): VariantOutcome {
  return {
    variant: variant.name,
    preset: variant.preset,
    axes: variant.axes,
    ending: worstEnding(replications.map(({ ending }) => ending)),
    findings: replications.flatMap(({ findings }) => findings),
    warm_up_ns: replications[0]?.warm_up_ns ?? 0,
    precision,
    simulated_ns: replications.reduce((sum, one) => sum + one.simulated_ns, 0),
    events: replications.reduce((sum, one) => sum + one.events, 0),
    metrics: mergeMetrics(replications.map(({ metrics }) => metrics)),
    seeds: replications.map(({ seed }) => seed),
    convoys: worstConvoys(replications),
    longest_wait: worstWait(replications),
    by_seed: seedValues(replications, budgets),
  };
}
