/** What each conversion would change, alone, in pairs and in order, and what faster IO would: which states that takes, and what they say. */
import type { Scenario } from "../../scenario.ts";
import { allSets, bestOrder, costOfOrder, mostForAllSets, prefixes } from "../conversion-order.ts";
import {
  type Effect,
  effectOf,
  type HoldingSite,
  holdingSites,
  type Interaction,
  interactionOf,
  mean,
  withConverted,
  withFasterIo,
} from "../what-if.ts";
import { Conversions, type ConversionStudy } from "./conversions.ts";
import type { Plan } from "./plan.ts";

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

/** Everything that a study of conversions found. The objective and its changes are in the unit of its statistic. */
export interface WhatIf {
  readonly today: number;
  /** Sites that can be converted, the one that holds longest first. */
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
}

/**
 * Runs the scenario as it is, with each site converted that can be, with each pair of them, with the IO of each faster, and with the sets
 * that an order of conversions passes through. Null after an interruption.
 *
 * @param merged the sites whose merged form calls a new function. @param speedup of IO, above 1.
 * @throws NoSampleError when a run has no sample of the objective.
 */
export function* whatIf(study: ConversionStudy, merged: ReadonlySet<string>, speedup: number): Plan<WhatIf | null> {
  const { scenario } = study;
  const runs = new Conversions(study);
  const base = yield* runs.today();
  if (base === null) return null;
  const holding = holdingSites(scenario, base.metrics, base.simulated_ns, merged);
  const sites = holding.filter(({ convertible }) => convertible);
  const names = sites.map(({ site }) => site);
  const n = names.length;
  const converted = (set: number): Scenario =>
    withConverted(scenario, [...(scenario.converted ?? []), ...names.filter((_, i) => (set & (1 << i)) !== 0)]);
  const pairs = names.flatMap((_, b) => names.slice(0, b).map((_, a): [number, number] => [a, b]));
  const looksAtAll = n <= mostForAllSets;
  const few = [...names.map((_, i) => 1 << i), ...pairs.map(([a, b]) => (1 << a) | (1 << b))];

  const known = yield* runs.sets(looksAtAll ? allSets(n) : few, converted);
  const faster = known === null ? null : yield* runs.each(names.map((site) => withFasterIo(scenario, site, speedup)));
  const greedy = faster === null ? null : yield* runs.greedy(n, converted);
  if (faster === null || greedy === null) return null;

  const cost = (set: number): number => mean(runs.valuesOf(set));
  const best = looksAtAll ? bestOrder(n, cost) : greedy;
  return {
    today: cost(0),
    sites: sites.map(({ site, hold_io_ns }, i): SiteRow => {
      const faster_io = effectOf(runs.valuesOf(0), faster[i] as readonly number[]);
      return { site, hold_io_ns, converted: effectOfSet(runs, 1 << i), faster_io };
    }),
    pairs: pairs.map((pair) => pairRow(names, pair, runs)),
    order: { ...orderOf(names, best, runs), method: looksAtAll ? "best of all" : "greedy" },
    greedy: best.join() === greedy.join() ? null : orderOf(names, greedy, runs),
    others: holding.filter((one) => !one.convertible).map(({ site, hold_io_ns }) => ({ site, hold_io_ns })),
    stopped: runs.stopped,
  };
}

function effectOfSet(runs: Conversions, set: number): Effect {
  return effectOf(runs.valuesOf(0), runs.valuesOf(set));
}

function pairRow(names: readonly string[], [a, b]: readonly [number, number], runs: Conversions): PairRow {
  const both = (1 << a) | (1 << b);
  return {
    sites: [names[a] as string, names[b] as string],
    converted: effectOfSet(runs, both),
    ...interactionOf(runs.valuesOf(0), runs.valuesOf(1 << a), runs.valuesOf(1 << b), runs.valuesOf(both)),
  };
}

function orderOf(names: readonly string[], order: readonly number[], runs: Conversions): Order {
  const [, ...reached] = prefixes(order);
  return {
    steps: reached.map((set, i) => ({
      site: names[order[i] as number] as string,
      converted: effectOfSet(runs, set),
    })),
    on_the_way: costOfOrder(order, (set) => mean(runs.valuesOf(set))),
  };
}
