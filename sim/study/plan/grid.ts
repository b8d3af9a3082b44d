/** Studies of many points, each a scenario and a variant with the same seeds, that are looked at one by one. */
import type { Scenario } from "../../scenario.ts";
import { isUnexpected } from "../outcome/ending.ts";
import { outcomeOf, type VariantOutcome } from "../outcome/outcome.ts";
import type { Replication } from "../replication.ts";
import type { Variant } from "./cell.ts";
import { each, type Plan, seedsOf } from "./plan.ts";

/** A scenario, run as a variant. */
export interface Point {
  readonly scenario: Scenario;
  readonly variant: Variant;
}

/** What a point came to: what was made of its outcome, which is not kept. */
export interface PointFound<T> {
  readonly made: T;
  /** It stopped in a way that the scenario does not announce. */
  readonly isUnexpected: boolean;
}

/**
 * Runs all points, and makes of the outcome of each what is wanted of it. Null for points that an interruption left unfinished.
 *
 * @param make is told which point it is, by its place in the list, and what each seed came to.
 */
export function* points<T>(
  list: readonly Point[],
  seeds: readonly string[],
  make: (outcome: VariantOutcome, i: number, seeds: readonly Replication[]) => T,
): Plan<(PointFound<T> | null)[]> {
  return yield* each(
    list.map((point, i) =>
      seedsOf("replication", point, seeds, (results): PointFound<T> => {
        const outcome = outcomeOf(point.variant, results);
        return { made: make(outcome, i, results), isUnexpected: isUnexpected(point.scenario, outcome) };
      }),
    ),
  );
}
