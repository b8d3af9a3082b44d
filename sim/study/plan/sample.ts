/** The replications of a study: with the seeds that were given, or as many as the intervals of its statistics need. */
import type { Scenario } from "../../scenario.ts";
import { type Budget, statisticName } from "../budget.ts";
import { outcomeOf, type Precision, type VariantOutcome } from "../outcome/outcome.ts";
import { meanBudget } from "../regression.ts";
import type { Replication } from "../replication.ts";
import { intervalOf } from "../evidence.ts";
import { valuesOf } from "../observed.ts";
import type { Variant } from "./cell.ts";
import { each, isWhole, type Plan, seedsOf } from "./plan.ts";

/** Most replications that a precision may ask for. */
const cap = 200;
/** Replications that are started at once when more are needed. */
const step = 10;

/** What is simulated, and how narrow the intervals of which statistics must be. */
export interface Sampling {
  readonly scenario: Scenario;
  readonly variants: readonly Variant[];
  /** To begin with. */
  readonly seeds: readonly string[];
  /** Measured from here on, ns. */
  readonly from_ns: number;
  /** Why no warm-up is left out though one was found; null or nothing where that is not so. */
  readonly refused?: string | null;
  /** Half the width that each interval may have against its value, 0..1; null: with the seeds as they are. */
  readonly precision: number | null;
  /** Those of the budgets; where there are none, the mean hold and wait of readers. */
  readonly budgets: readonly Budget[];
}

/** Replications by variant in the order of the seeds, and why there are so many. After an interruption each variant has the same seeds. */
export interface Sample {
  readonly replications: readonly (readonly Replication[])[];
  readonly precision: Precision | null;
  /** False after an interruption: seeds are missing. */
  readonly complete: boolean;
}

/**
 * Runs the replications of a study. With a precision it adds seeds after the first until the interval of every statistic of every variant
 * is narrow enough. That is decided on the seeds in their order, never on who is done first: the smallest number of seeds that is enough
 * is taken, at most 200.
 */
export function* sample(sampling: Sampling): Plan<Sample> {
  const { precision: half_width, seeds, variants, budgets } = sampling;
  if (half_width === null) {
    const { replications, complete } = yield* replicated(sampling, seeds);
    return { replications, precision: null, complete };
  }
  const asked = budgets.filter(({ level }) => level !== "off");
  const statistics =
    asked.length > 0 ? asked : ["mmap_sem.wait", "mmap_sem.hold"].map((name) => meanBudget(name, { mode: "R" }));
  const of = [...new Set(statistics.map(statisticName))];
  const all: Replication[][] = variants.map(() => []);
  const answer = (n: number, reached: boolean, complete: boolean, reason: string | null = null): Sample => ({
    replications: all.map((replications) => replications.slice(0, n)),
    precision: { half_width, reached, reason, of },
    complete,
  });
  for (let n = seeds.length, tried = n; ; n = Math.min(n + step, cap)) {
    const have = all[0]?.length ?? 0;
    const more = yield* replicated(
      sampling,
      Array.from({ length: n - have }, (_, i) => String(have + i + 1)),
    );
    for (const [i, replications] of all.entries()) replications.push(...(more.replications[i] ?? []));
    if (!more.complete) return answer(n, false, false);
    const values = all.flatMap((replications) =>
      statistics.map((budget) => ({
        budget,
        values: [...valuesOf(budget, replications).values()].map((value) => value?.low ?? null),
      })),
    );
    for (; tried <= n; tried++) {
      if (values.every((one) => isNarrow(one.budget, one.values.slice(0, tried), half_width)))
        return answer(tried, true, true);
    }
    if (n >= cap) return answer(n, false, true);
    const hopeless = values.flatMap((one) => outOfReach(one.budget, one.values, half_width));
    if (hopeless[0] !== undefined) return answer(n, false, true, hopeless[0]);
  }
}

/** Each variant with each seed, seed by seed, so that what is there after an interruption is there of every variant. */
function* replicated(
  { scenario, variants, from_ns }: Sampling,
  seeds: readonly string[],
): Plan<{ replications: Replication[][]; complete: boolean }> {
  const found = yield* each(
    seeds.flatMap((seed) =>
      variants.map((variant) =>
        seedsOf("replication", { scenario, variant, from_ns }, [seed], ([one]) => one as Replication),
      ),
    ),
  );
  const bySeed = seeds.map((_, i) => found.slice(i * variants.length, (i + 1) * variants.length));
  const whole = bySeed.findIndex((ofSeed) => !isWhole(ofSeed));
  const kept = (whole < 0 ? bySeed : bySeed.slice(0, whole)) as Replication[][];
  return { replications: variants.map((_, v) => kept.map((ofSeed) => ofSeed[v] as Replication)), complete: whole < 0 };
}

function isNarrow(budget: Budget, values: readonly (number | null)[], half_width: number): boolean {
  const there = values.filter((value): value is number => value !== null);
  if (there.length === 0) return true;
  const { point, low, high, method } = intervalOf(budget, there);
  return method === "identical" ? there.length > 1 : (high - low) / 2 <= half_width * Math.abs(point);
}

/**
 * Why a statistic will not be narrow enough, nothing where it may. Its interval narrows with the root of the number of seeds; what would
 * take four times the most there may be is given up, such as a share of a value that is 0 in nearly every seed. Said of ten seeds or more.
 */
function outOfReach(budget: Budget, values: readonly (number | null)[], half_width: number): string[] {
  const there = values.filter((value): value is number => value !== null);
  if (there.length < step || isNarrow(budget, values, half_width)) return [];
  const { point, low, high } = intervalOf(budget, there);
  const needed = there.length * ((high - low) / 2 / (half_width * Math.abs(point))) ** 2;
  if (needed <= 4 * cap) return [];
  const zeros = there.filter((value) => value === 0).length;
  const why = zeros > 0 ? `is 0 in ${zeros} of ${there.length} seeds` : "varies too much from seed to seed";
  return [`${statisticName(budget)} ${why}: that would take more than ${4 * cap} seeds`];
}

/** The outcome of each of at least one variant. */
export function outcomesOf(
  { variants, budgets, refused }: Sampling,
  { replications, precision }: Sample,
): [VariantOutcome, ...VariantOutcome[]] {
  const outcomes = variants.map((variant, i) => ({
    ...outcomeOf(variant, replications[i] ?? [], budgets, precision),
    ...(refused == null ? {} : { warm_up_refused: refused }),
  }));
  return outcomes as [VariantOutcome, ...VariantOutcome[]];
}
