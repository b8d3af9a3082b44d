/** The smallest piece of work of a study: one run, measured in one way. */
import type { runScenario } from "../../run.ts";
import type { Scenario } from "../../scenario.ts";
import type { MeasurementName } from "./measurements.ts";
import { sha256 } from "./sha256.ts";

/** A kernel, as a run wants it. */
export type Variant = Parameters<typeof runScenario>[1];

/** One run and what is measured in it. Plain data: it may cross to a thread or another machine. */
export interface Cell<M extends MeasurementName = MeasurementName> {
  readonly measure: M;
  /** Resolved. */
  readonly scenario: Scenario;
  readonly variant: Variant;
  readonly seed: string;
  /** Measured from here on, ns: before it the run warms up. */
  readonly from_ns: number;
}

/** Scenarios that were hashed: a study asks for the same one again and again. */
const known = new WeakMap<Scenario, string>();

/** The hash of a resolved scenario, 64 hex digits: what results, baselines and cells know it by. */
export function scenarioHash(scenario: Scenario): string {
  const before = known.get(scenario);
  if (before !== undefined) return before;
  const hash = sha256(JSON.stringify(scenario));
  known.set(scenario, hash);
  return hash;
}

/**
 * What a cell has in common with all cells of its scenario and warm-up that the same engine runs.
 *
 * @param engine whatever else may change a bit of a result: the versions of gupsim and of Node.
 */
export function cellContext({ scenario, from_ns }: Pick<Cell, "scenario" | "from_ns">, engine: string): string {
  return sha256(JSON.stringify([scenarioHash(scenario), from_ns, engine]));
}

/** The id of a cell: equal ids have equal results, whenever and wherever they were made. @param engine as in {@link cellContext}. */
export function cellId(cell: Cell, engine: string): string {
  const { measure, variant, seed } = cell;
  return sha256(JSON.stringify([cellContext(cell, engine), measure, variant.name, variant.axes, seed]));
}
