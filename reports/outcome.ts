import type { Metrics } from "../sim/measure/metrics.ts";
import type { Replication } from "../sim/study/replication.ts";
import type { EndingKind } from "../sim/scenario.ts";

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
  /** Simulated time of all seeds together, ns. */
  readonly simulated_ns: number;
  /** Events of the engine, all seeds together. */
  readonly events: number;
  readonly metrics: Metrics;
  readonly seeds: readonly string[];
  /** Each seed by itself, in the order of the seeds. */
  readonly replications: readonly Replication[];
}
