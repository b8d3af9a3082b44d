/** What replications show of the statistics of budgets. */
import type { Bounds } from "./bounds.ts";
import type { Budget } from "./budget.ts";
import type { Replication } from "./replication.ts";
import { samplesOf, valueIn } from "./statistic.ts";

/** Values of one budget, one a seed. */
export type Values = ReadonlyMap<string, Bounds | null>;

/** The values of a budget in each replication. */
export function valuesOf(budget: Budget, replications: readonly Replication[]): Values {
  return new Map(replications.map((one) => [one.seed, valueIn(one.metrics, one.simulated_ns, budget)]));
}

/** What is held against budgets. */
export interface Observed {
  values(budget: Budget): Values;
  /** Samples that a percentile rests on, over all replications: those that ended and those that did not. */
  samples(budget: Budget): number;
  /** Those that had not ended. */
  open(budget: Budget): number;
}

/** What the replications of one variant show. */
export function observedIn(replications: readonly Replication[]): Observed {
  const sum = (of: (one: Replication) => number): number => replications.reduce((n, one) => n + of(one), 0);
  const open = ({ name, tags }: Budget): number => sum(({ metrics }) => samplesOf(metrics, name, tags).open.count);
  return {
    values: (budget) => valuesOf(budget, replications),
    samples: (budget) => sum(({ metrics }) => samplesOf(metrics, budget.name, budget.tags).ended.count) + open(budget),
    open,
  };
}
