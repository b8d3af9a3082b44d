/** One side of a comparison: a variant as it was just run, or as a saved result has it. */
import type { EndingKind } from "../../sim/scenario.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { type ComparedValues, isCompared, type SeedValues } from "../../sim/study/outcome/seed-values.ts";
import { isRecorded } from "../words/recording.ts";
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
  const known = distributions(metrics).filter(([key]) => isCompared(key));
  const pooled = new Map(known.map(([key, samples]) => [key, summarize(samples)] as const));
  return { variant, axes, ending, pooled, ...repetitions(outcome, seeds, pooled) };
}

/** The seeds and their values; a recording is one run, whose stretches are no repetitions of it. */
export function repetitions(
  outcome: Pick<VariantOutcome, "preset" | "by_seed">,
  seeds: readonly string[],
  pooled: ReadonlyMap<string, DurationSummary>,
): Pick<Side, "seeds" | "bySeed"> {
  if (!isRecorded(outcome)) return { seeds, bySeed: outcome.by_seed };
  const at_most: Record<string, number | null> = {};
  const values = [...pooled].map(([metric, summary]): [string, ComparedValues] => {
    for (const [stat, most] of Object.entries(summary.at_most ?? {})) at_most[`${metric} ${stat}`] = most;
    const { mean, p50, p99, max } = summary;
    return [metric, { mean, p50, p99, max }];
  });
  return { seeds: ["1"], bySeed: [{ seed: "1", values: Object.fromEntries(values), at_most }] };
}
