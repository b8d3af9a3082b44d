/** Intervals and tests over replications. One value a replication: what happens inside one is correlated. */
import jstat from "jstat";

const { studentt } = jstat.jStat;

/** A confidence interval of a quantity over replications. `identical`: every replication gave the same value. */
export interface Interval {
  readonly point: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly method: "t" | "log t" | "identical";
}

/**
 * Student's interval of the mean.
 *
 * @param values one a replication, at least one. @param confidence 0..1.
 */
export function meanInterval(values: readonly number[], confidence: number): Interval {
  const { mean, error, n } = moments(values);
  if (error === 0) return { point: mean, low: mean, high: mean, n, method: "identical" };
  const half = n < 2 ? Number.POSITIVE_INFINITY : studentt.inv(0.5 + confidence / 2, n - 1) * error;
  return { point: mean, low: mean - half, high: mean + half, n, method: "t" };
}

/** The same on the logarithms, for percentiles and maxima, which are skewed: the point is the geometric mean. All values above 0. */
export function logInterval(values: readonly number[], confidence: number): Interval {
  const { point, low, high, n, method } = meanInterval(values.map(Math.log), confidence);
  const value = values[0] as number;
  if (method === "identical") return { point: value, low: value, high: value, n, method };
  return { point: Math.exp(point), low: Math.exp(low), high: Math.exp(high), n, method: "log t" };
}

/** Probability, if the mean were `at`, of a mean as high as this or higher (one-sided). 0 or 1 where all values are equal. */
export function exceedance(values: readonly number[], at: number): number {
  const { mean, error, n } = moments(values);
  if (error === 0) return mean > at ? 0 : 1;
  return n < 2 ? 1 : 1 - studentt.cdf((mean - at) / error, n - 1);
}

/** Mean, its standard error, and how many. Equal values have an error of exactly 0. */
export function moments(values: readonly number[]): { mean: number; error: number; n: number } {
  const n = values.length;
  const first = values[0] as number;
  if (values.every((value) => value === first)) return { mean: first, error: 0, n };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1);
  return { mean, error: Math.sqrt(variance / n), n };
}

/**
 * Wilcoxon's signed-rank test, exact and two-sided, of differences that are not all zero: the probability of ranks as lopsided as these.
 * Zeros are left out, ties share their ranks.
 *
 * @param differences at most 60.
 */
export function wilcoxon(differences: readonly number[]): number {
  const kept = differences.filter((d) => d !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  if (kept.length === 0) return 1;
  // Twice the rank is whole, also for ties.
  const ranks = kept.map((d) => {
    const size = Math.abs(d);
    const first = kept.findIndex((other) => Math.abs(other) === size);
    const count = kept.filter((other) => Math.abs(other) === size).length;
    return 2 * first + count + 1;
  });
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  let ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    const next = ways.slice();
    for (let sum = rank; sum <= total; sum++) next[sum] = (next[sum] as number) + (ways[sum - rank] as number);
    ways = next;
  }
  const positive = ranks.reduce((sum, rank, i) => sum + ((kept[i] as number) > 0 ? rank : 0), 0);
  const small = Math.min(positive, total - positive);
  const tail = ways.slice(0, small + 1).reduce((sum, n) => sum + n, 0) / 2 ** ranks.length;
  return Math.min(1, 2 * tail);
}

/** Holm's adjusted p-values, in the order given: an error in any of them is no likelier than each says. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(ps.length);
  let highest = 0;
  for (const [rank, { p, i }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p * (ps.length - rank)));
    adjusted[i] = highest;
  }
  return adjusted;
}

/**
 * MSER-5: how many of the first `values` to leave out so that the mean of the rest has the least standard error. Values are taken in
 * batches of five; the cut is never in the last half.
 *
 * Source: White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics for simulation" (2000).
 */
export function mser5(values: readonly number[]): number {
  const batches = Array.from({ length: Math.floor(values.length / batch) }, (_, i) => {
    const part = values.slice(i * batch, (i + 1) * batch);
    return part.reduce((sum, value) => sum + value, 0) / batch;
  });
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let sum = 0;
  let squares = 0;
  for (let cut = batches.length - 1; cut >= 0; cut--) {
    const value = batches[cut] as number;
    sum += value;
    squares += value * value;
    const n = batches.length - cut;
    if (cut > batches.length / 2) continue;
    const score = (squares - (sum * sum) / n) / (n * n);
    if (score <= least) {
      least = score;
      best = cut;
    }
  }
  return best * batch;
}

const batch = 5;
