/** One side of a comparison: a variant as it was just run, or as a saved result has it. */
import type { EndingKind } from "../../sim/scenario.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { isCompared, type SeedValues } from "../../sim/study/outcome/seed-values.ts";
import { distributions, type DurationSummary, summarize } from "../words/metric-summary.ts";

/** What a comparison needs to know of a variant. */
export interface Side {
  readonly variant: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly ending: EndingKind;
  readonly seeds: readonly string[];
  /** All seeds pooled, by metric. */
  readonly pooled: ReadonlyMap<string, DurationSummary>;
  readonly bySeed: readonly SeedValues[];
}

/** The side that has just been run. */
export function sideOf(outcome: VariantOutcome): Side {
  const { variant, axes, ending, seeds, metrics } = outcome;
  const pooled = distributions(metrics).filter(([key]) => isCompared(key));
  return {
    variant,
    axes,
    ending,
    seeds,
    pooled: new Map(pooled.map(([key, samples]) => [key, summarize(samples)])),
    bySeed: outcome.by_seed,
  };
}
