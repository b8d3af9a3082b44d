import type { EndingKind, Scenario } from "../../scenario.ts";
import { type LoadPair, loadPairs, type StepMean, type SweepRun, stepMeans } from "../metastable.ts";
import { isUnexpected, worstEnding } from "../outcome/ending.ts";
import type { Variant } from "./cell.ts";
import { each, type Plan, seedsOf } from "./plan.ts";

/** One variant under a load that went up and came back. */
export interface SweptVariant {
  readonly variant: string;
  readonly ending: EndingKind;
  readonly findings: readonly string[];
  readonly steps: readonly StepMean[];
  /** The loads that were on both ways. */
  readonly pairs: readonly LoadPair[];
}

/** What a variant came to, and whether it stopped in a way that the scenario does not announce. */
export interface LoadSwept {
  readonly swept: SweptVariant;
  readonly isUnexpected: boolean;
}

/**
 * Runs each variant under the load of the scenario, with each of at least one seed. Null for variants that an interruption left
 * unfinished.
 *
 * @throws RangeError for a scenario without a load.
 */
export function* loadSweeps(
  scenario: Scenario,
  variants: readonly Variant[],
  seeds: readonly string[],
): Plan<(LoadSwept | null)[]> {
  return yield* each(
    variants.map((variant) =>
      seedsOf("load-steps", { scenario, variant }, seeds, (runs) => {
        const swept = sweptVariant(variant, runs);
        return { swept, isUnexpected: isUnexpected(scenario, { ...swept, preset: variant.preset }) };
      }),
    ),
  );
}

function sweptVariant({ name }: Variant, runs: readonly SweepRun[]): SweptVariant {
  return {
    variant: name,
    ending: worstEnding(runs.map((run) => run.ending)),
    findings: runs.flatMap((run) => run.findings),
    steps: stepMeans(runs),
    pairs: loadPairs(runs),
  };
}
