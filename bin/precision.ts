import { parseShare, UnitError } from "../scenarios/units.ts";
import type { Variant } from "../sim/linux/variant.ts";
import type { Scenario } from "../sim/scenario.ts";
import type { Budget } from "../sim/study/budget.ts";
import type { Replication } from "../sim/study/replication.ts";
import { meanInterval } from "../sim/study/statistics.ts";
import { valuesOf } from "../sim/study/verdict.ts";
import { UsageError } from "./exit-codes.ts";
import { interruption } from "./interruption.ts";
import { simulateAll } from "./pool.ts";
import type { Streams } from "./streams.ts";

/** Most replications that a precision may ask for. */
const cap = 200;
/** Replications that are started at once when more are needed. */
const step = 10;

/** Reads `--precision 5%`: the half width of each interval, against its value. @throws UsageError for what is none. */
export function parsePrecision(text: string | undefined): number | null {
  if (text === undefined) return null;
  try {
    const share = parseShare(text);
    if (share > 0) return share;
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new UsageError(`--precision: ${error.message}`);
  }
  throw new UsageError("--precision: must be more than 0%");
}

/**
 * Adds replications with the seeds after `first` until the interval of every budget is narrow enough. It is decided on the seeds in
 * their order, never on who is done first: the smallest number of seeds that is enough is returned, at most 200.
 */
export async function simulateToPrecision(
  scenario: Scenario,
  variant: Variant,
  first: readonly string[],
  precision: number,
  budgets: readonly Budget[],
  options: Parameters<typeof simulateAll>[3],
  streams: Streams,
): Promise<Replication[]> {
  if (first.some((seed, i) => seed !== String(i + 1)))
    throw new UsageError("--precision chooses seeds itself: leave --seed out");
  const all: Replication[] = [];
  for (let n = first.length; ; n += step) {
    const seeds = Array.from({ length: Math.min(n, cap) - all.length }, (_, i) => String(all.length + i + 1));
    all.push(...((await simulateAll(scenario, [variant], seeds, options, streams))[0] ?? []));
    if (interruption.code !== null) return all;
    for (let enough = first.length; enough <= all.length; enough++) {
      if (isNarrow(all.slice(0, enough), precision, budgets)) return all.slice(0, enough);
    }
    if (all.length >= cap) {
      streams.err(`the precision is not reached with ${cap} replications\n`);
      return all;
    }
  }
}

function isNarrow(replications: readonly Replication[], precision: number, budgets: readonly Budget[]): boolean {
  return budgets.every((budget) => {
    const values = [...valuesOf(budget, replications).values()].filter((value): value is number => value !== null);
    if (values.length === 0) return true;
    const { point, low, high, method } = meanInterval(values, budget.confidence);
    return method === "identical" || (high - low) / 2 <= precision * Math.abs(point);
  });
}
