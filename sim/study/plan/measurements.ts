/** What can be measured in a cell: how it is run, and how its result crosses a thread or rests in a file. */
import { HoldEnds } from "../../measure/lock/hold-ends.ts";
import { mergeMetrics } from "../../measure/metrics/metrics.ts";
import { type SweepRun, sweepOnce } from "../metastable.ts";
import { fromJson, type Replication, type ReplicationJson, replicateOnce, toJson } from "../replication.ts";
import { type WarmUpPilot, warmUpOf } from "../warm-up.ts";
import type { Cell } from "./cell.ts";

/** What comes of a cell, by what is measured. */
export interface Measured {
  readonly replication: Replication;
  /** A replication with the ends of holds beside the usual metrics, as a real kernel was measured by. */
  readonly "hold-ends": Replication;
  readonly "warm-up": WarmUpPilot;
  /** Each step of a load that goes up and comes back. */
  readonly "load-steps": SweepRun;
}

export type MeasurementName = keyof Measured;

interface Measurement<R> {
  run(cell: Cell): R;
  toPlain(result: R): unknown;
  fromPlain(plain: unknown): R;
}

const replications = {
  toPlain: toJson,
  fromPlain: (plain: unknown): Replication => fromJson(plain as ReplicationJson),
};

const measurements: { readonly [M in MeasurementName]: Measurement<Measured[M]> } = {
  replication: {
    ...replications,
    run: ({ scenario, variant, seed, from_ns }) => replicateOnce(scenario, variant, seed, [], undefined, from_ns),
  },
  "hold-ends": {
    ...replications,
    run: ({ scenario, variant, seed, from_ns }) => {
      const ends = new HoldEnds();
      const one = replicateOnce(scenario, variant, seed, [ends], undefined, from_ns);
      return { ...one, metrics: mergeMetrics([one.metrics, ends.metrics()]) };
    },
  },
  "warm-up": {
    run: ({ scenario, variant, seed }) => warmUpOf(scenario, variant, seed),
    toPlain: (pilot) => pilot,
    fromPlain: (plain) => plain as WarmUpPilot,
  },
  "load-steps": {
    run: ({ scenario, variant, seed }) => sweepOnce(scenario, variant, seed),
    toPlain: (run) => run,
    fromPlain: (plain) => plain as SweepRun,
  },
};

/**
 * Runs a cell.
 *
 * @throws InvariantError when a promise of the model is broken; RangeError for the load steps of a scenario without a load.
 */
export function runCell<M extends MeasurementName>(cell: Cell<M>): Measured[M] {
  return measurements[cell.measure].run(cell);
}

/** A result as plain data, ready for JSON or another thread. */
export function toPlain<M extends MeasurementName>(measure: M, result: Measured[M]): unknown {
  return measurements[measure].toPlain(result);
}

/** The result that {@link toPlain} was given. */
export function fromPlain<M extends MeasurementName>(measure: M, plain: unknown): Measured[M] {
  return measurements[measure].fromPlain(plain);
}
