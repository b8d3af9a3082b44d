import type { Scenario } from "../../sim/scenario.ts";
import type { Effect, HoldingSite, Interaction } from "../../sim/study/what-if.ts";
import type { SweepColumn } from "../files/sweep.ts";

/** What one site alone would change. */
export interface SiteRow {
  readonly site: string;
  /** How long it holds the lock across IO today, ns a second of simulated time. */
  readonly hold_io_ns: number;
  readonly converted: Effect;
  readonly faster_io: Effect;
}

/** What two sites would change together. */
export interface PairRow extends Interaction {
  readonly sites: readonly [string, string];
  readonly converted: Effect;
}

/** Sites in the order of their conversion, each with the effect of all up to it. */
export interface Order {
  readonly steps: readonly { readonly site: string; readonly converted: Effect }[];
  /** The objective on the way, from nothing converted to everything, added up: what the order is chosen by. */
  readonly on_the_way: number;
}

/** What `whatif --format json` prints. The objective and its changes are in the unit of its statistic: ns, counts, or a second of either. */
export interface WhatIfDocument {
  readonly schema: "gupsim/whatif/v1";
  readonly scenario: string;
  readonly variant: string;
  readonly seeds: readonly string[];
  readonly objective: string;
  /** Converted before anything is changed. */
  readonly converted: readonly string[];
  readonly speedup: number;
  readonly today: number;
  /** Sites that can be converted, the one that lowers the objective most first. */
  readonly sites: readonly SiteRow[];
  readonly pairs: readonly PairRow[];
  /** The proposed order: the best of all where all were looked at, else the greedy one. */
  readonly order: Order & { readonly method: "best of all" | "greedy" };
  /** The order that takes at each step what lowers the objective most; null when it is the proposed one. */
  readonly greedy: Order | null;
  /** Sites that hold the lock across IO too, and have no new function to call. */
  readonly others: readonly Pick<HoldingSite, "site" | "hold_io_ns">[];
  /** Runs that stopped before their time, in words. */
  readonly stopped: readonly string[];
  /** The command that repeats it. */
  readonly reproduce: string;
}

/** Everything that a study of conversions found, as a document. */
export function whatIfDocument(
  scenario: Scenario,
  column: SweepColumn,
  found: Omit<WhatIfDocument, "schema" | "scenario" | "objective" | "converted">,
): WhatIfDocument {
  return {
    schema: "gupsim/whatif/v1",
    scenario: scenario.name,
    objective: `${column.metric}:${column.stat}`,
    converted: scenario.converted ?? [],
    ...found,
    sites: [...found.sites].sort((a, b) => a.converted.objective - b.converted.objective),
  };
}
