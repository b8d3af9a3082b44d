/**
 * A plan is a study that has not been carried out: it says which cells it wants, is given what they came to, and says the next ones or
 * the answer. It is a function of what it was asked and of the results; where, when and in which order cells were run, it never learns.
 */
import type { Scenario } from "../../scenario.ts";
import type { Cell, Variant } from "./cell.ts";
import type { Measured, MeasurementName } from "./measurements.ts";

/** Cells, and what their results come to together. */
export interface CellGroup<T, M extends MeasurementName = MeasurementName> {
  readonly cells: readonly Cell<M>[];
  /** @param results one a cell, in the order of the cells. */
  merge(results: readonly Measured[M][]): T;
}

/**
 * Yields the groups of cells that are wanted next; is given, in their order, what each came to, null for one that an interruption left
 * unfinished; returns the answer.
 */
export type Plan<Answer> = Generator<readonly CellGroup<unknown>[], Answer, readonly unknown[]>;

/** Asks for groups of cells, for use in a plan: what each came to, null for those that an interruption left unfinished. */
export function* each<T, M extends MeasurementName>(groups: readonly CellGroup<T, M>[]): Plan<(T | null)[]> {
  if (groups.length === 0) return [];
  // What is given back is what the groups' own merge made.
  return (yield groups as readonly CellGroup<unknown>[]) as (T | null)[];
}

/** Has nothing of it been left out by an interruption? */
export function isWhole<T>(values: readonly T[]): values is NonNullable<T>[] {
  return values.every((value) => value !== null);
}

/** One variant of a scenario with each seed, and what that comes to. */
export function seedsOf<T, M extends MeasurementName>(
  measure: M,
  of: { readonly scenario: Scenario; readonly variant: Variant; readonly from_ns?: number },
  seeds: readonly string[],
  merge: (results: readonly Measured[M][]) => T,
): CellGroup<T, M> {
  const { scenario, variant, from_ns = 0 } = of;
  return { cells: seeds.map((seed) => ({ measure, scenario, variant, seed, from_ns })), merge };
}
