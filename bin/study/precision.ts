import type { Precision } from "../../reports/documents/outcome.ts";
import { parseShare, UnitError } from "../../scenarios/units.ts";
import { type Budget, statisticName } from "../../sim/study/budget.ts";
import { meanBudget } from "../../sim/study/regression.ts";
import type { Replication } from "../../sim/study/replication.ts";
import { intervalOf, valuesOf } from "../../sim/study/verdict.ts";
import { UsageError } from "../cli/exit-codes.ts";
import { interruption } from "../cli/interruption.ts";
import { type Replications, simulateAll } from "./pool.ts";
import type { Streams } from "../cli/streams.ts";

/** Most replications that a precision may ask for. */
const cap = 200;
/** Replications that are started at once when more are needed. */
const step = 10;
/** Seeds to begin with when the user does not say. */
export const seedsForPrecision = 10;

/** What is simulated, and how narrow the intervals of which statistics must be; `null`: with the seeds as they are. */
export interface Sampling extends Replications {
  readonly precision: number | null;
  /** Those of the budgets; where there are none, the mean hold and wait of readers. */
  readonly statistics: readonly Budget[];
}

/** Replications by variant in the order of the seeds, and why there are so many. */
export interface Sample {
  readonly replications: readonly (readonly Replication[])[];
  readonly precision: Precision | null;
}

/** Reads `--precision 5%`: the half width of each interval, against its value. @throws UsageError for what is none, or with seeds given. */
export function parsePrecision(text: string | undefined, seed: readonly string[]): number | null {
  if (text === undefined) return null;
  if (seed.length > 0) throw new UsageError("--precision chooses seeds itself: leave --seed out");
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
 * Runs the replications of a study. With a precision it adds seeds after the first until the interval of every statistic of every variant
 * is narrow enough. That is decided on the seeds in their order, never on who is done first: the smallest number of seeds that is enough
 * is taken, at most 200.
 */
export async function sample(sampling: Sampling, streams: Streams): Promise<Sample> {
  const { precision, seeds: first, variants } = sampling;
  if (precision === null) return { replications: await simulateAll(sampling, streams), precision: null };
  const asked = sampling.statistics.filter(({ level }) => level !== "off");
  const statistics =
    asked.length > 0 ? asked : ["mmap_sem.wait", "mmap_sem.hold"].map((name) => meanBudget(name, { mode: "R" }));
  const of = [...new Set(statistics.map(statisticName))];
  const all: Replication[][] = variants.map(() => []);
  const answer = (n: number, reached: boolean): Sample => ({
    replications: all.map((replications) => replications.slice(0, n)),
    precision: { half_width: precision, reached, of },
  });
  for (let n = first.length, tried = n; ; n = Math.min(n + step, cap)) {
    const have = all[0]?.length ?? 0;
    const seeds = Array.from({ length: n - have }, (_, i) => String(have + i + 1));
    const more = await simulateAll({ ...sampling, seeds }, streams);
    for (const [i, replications] of all.entries()) replications.push(...(more[i] ?? []));
    if (interruption.code !== null) return answer(n, false);
    const values = all.flatMap((replications) =>
      statistics.map((budget) => ({ budget, values: known(budget, replications) })),
    );
    for (; tried <= n; tried++) {
      if (values.every((one) => isNarrow(one.budget, one.values.slice(0, tried), precision)))
        return answer(tried, true);
    }
    if (n >= cap) return answer(n, false);
  }
}

function known(budget: Budget, replications: readonly Replication[]): (number | null)[] {
  return [...valuesOf(budget, replications).values()];
}

function isNarrow(budget: Budget, values: readonly (number | null)[], precision: number): boolean {
  const there = values.filter((value): value is number => value !== null);
  if (there.length === 0) return true;
  const { point, low, high, method } = intervalOf(budget, there);
  return method === "identical" ? there.length > 1 : (high - low) / 2 <= precision * Math.abs(point);
}
