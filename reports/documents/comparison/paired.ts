/** Two variants that drew the same numbers, compared seed by seed: one statistic of one metric. */
import { type Interval, logInterval, meanInterval, moments } from "../../../sim/study/statistics.ts";
import type { ComparedStat } from "../../../sim/study/outcome/seed-values.ts";

/**
 * What the seeds say of a statistic. `longer` and `shorter`: the interval excludes no change. `unclear`: it does not. `equal`: every
 * seed has the same value in both. `gone` and `new`: one of the two has no sample in any seed. `unknown`: there is no interval.
 * `not-compared`: the runs ended in ways that cannot be compared.
 */
export type Effect = "longer" | "shorter" | "unclear" | "equal" | "gone" | "new" | "unknown" | "not-compared";

/** A statistic of two variants. Values are ns, over the seeds; `null` when no seed has one. */
export interface Paired {
  readonly effect: Effect;
  readonly reference: number | null;
  readonly candidate: number | null;
  /** candidate - reference, ns. */
  readonly diff: number | null;
  /** The geometric mean of candidate / reference over the seeds; null where a seed has 0 or no sample. */
  readonly ratio: number | null;
  /** Of the ratio, 95 %. Where samples had not ended it holds whatever becomes of them: its low end is 0, its high end infinite (in a
   * document null), where nothing limits them. */
  readonly interval: Interval | null;
  /** Of the difference, ns, 95 %: where a seed has 0, and so no ratio. An end that nothing limits is infinite, in a document null. */
  readonly diff_interval: Interval | null;
  /** Seeds that have a value in both. */
  readonly n: number;
  /** By how much pairing lowers the variance of the difference of logarithms; null where that is not known. */
  readonly variance_reduction: number | null;
  /** Why nothing is claimed; null where something is. */
  readonly why: string | null;
  /** The values that samples which had not ended may still make larger, where there are any: `ratio` and `diff` are bounds then. */
  readonly at_least?: readonly ("reference" | "candidate")[];
}

/** The value of a statistic in each seed, `null` where the seed has no sample. */
export type BySeed = ReadonlyMap<string, number | null>;

const nothing = {
  diff: null,
  ratio: null,
  interval: null,
  diff_interval: null,
  variance_reduction: null,
} as const;

/** Compares a statistic seed by seed. @param seeds those that both have, at least one. */
export function paired(stat: ComparedStat, seeds: readonly string[], before: BySeed, after: BySeed): Paired {
  const pairs = seeds.flatMap((seed): [number, number][] => {
    const [a, b] = [before.get(seed) ?? null, after.get(seed) ?? null];
    return a === null || b === null ? [] : [[a, b]];
  });
  const n = pairs.length;
  if (n < seeds.length) return partial(stat, seeds, before, after, n);
  const [reference, candidate] = [
    pointOf(
      stat,
      pairs.map(([a]) => a),
    ),
    pointOf(
      stat,
      pairs.map(([, b]) => b),
    ),
  ];
  const base = { ...nothing, reference, candidate, diff: candidate - reference, n };
  if (pairs.every(([a, b]) => a === b)) {
    const interval: Interval = { point: 1, low: 1, high: 1, n, method: "identical" };
    return { ...base, effect: "equal", ratio: reference === 0 ? null : 1, interval, why: null };
  }
  if (pairs.some(([a, b]) => a <= 0 || b <= 0)) return ofDifferences(base, pairs);
  return ofRatios(base, pairs);
}

/** The value over the seeds, as a check takes it: the mean of means, the geometric mean of what is skewed. @param values at least one. */
export function pointOf(stat: ComparedStat, values: readonly number[]): number {
  const isSkewed = stat !== "mean" && values.every((value) => value > 0);
  return (isSkewed ? logInterval(values, 0.95) : meanInterval(values, 0.95)).point;
}

type Base = Omit<Paired, "effect" | "why">;

/** Seeds without a sample: if all seeds of one variant are, that is the answer. */
function partial(stat: ComparedStat, seeds: readonly string[], before: BySeed, after: BySeed, n: number): Paired {
  const known = (of: BySeed) => seeds.flatMap((seed) => of.get(seed) ?? []);
  const [a, b] = [known(before), known(after)];
  const base: Base = {
    ...nothing,
    reference: a.length === 0 ? null : pointOf(stat, a),
    candidate: b.length === 0 ? null : pointOf(stat, b),
    n,
  };
  if (b.length === 0 && a.length === seeds.length) return { ...base, effect: "gone", why: null };
  if (a.length === 0 && b.length === seeds.length) return { ...base, effect: "new", why: null };
  return { ...base, effect: "unknown", why: `${n} of ${seeds.length} seeds have samples of both` };
}

/** By Student's t on the logarithms of the ratios. */
function ofRatios(base: Base, pairs: readonly (readonly [number, number])[]): Paired {
  const logs = pairs.map(([a, b]): [number, number] => [Math.log(a), Math.log(b)]);
  const changes = logs.map(([a, b]) => b - a);
  const { point, low, high, n, method } = meanInterval(changes, 0.95);
  const ratio = Math.exp(point);
  if (n < 2) return { ...base, ratio, effect: "unknown", why: "one seed has no interval" };
  const interval: Interval = {
    point: ratio,
    low: Math.exp(low),
    high: Math.exp(high),
    n,
    method: method === "identical" ? method : "log t",
  };
  const apart = moments(logs.map(([a]) => a)).error ** 2 + moments(logs.map(([, b]) => b)).error ** 2;
  const together = moments(changes).error ** 2;
  const variance_reduction = together === 0 ? null : apart / together;
  return { ...base, ratio, interval, variance_reduction, effect: effectOf(low, high), why: null };
}

/** Where a seed has 0 there is no logarithm, and the differences themselves are taken. */
function ofDifferences(base: Base, pairs: readonly (readonly [number, number])[]): Paired {
  const diff_interval = meanInterval(
    pairs.map(([a, b]) => b - a),
    0.95,
  );
  const { low, high, n } = diff_interval;
  if (n < 2) return { ...base, effect: "unknown", why: "one seed has no interval" };
  return { ...base, diff_interval, effect: effectOf(low, high), why: null };
}

function effectOf(low: number, high: number): Effect {
  if (low > 0) return "longer";
  return high < 0 ? "shorter" : "unclear";
}
