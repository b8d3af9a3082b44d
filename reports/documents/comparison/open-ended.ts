/** A comparison where samples had not ended: what may still grow makes a ratio a bound, and what is claimed must hold whatever becomes of it. */
import { type Bounds, exactly } from "../../../sim/study/bounds.ts";
import { type Interval, meanInterval } from "../../../sim/study/statistics.ts";
import type { ComparedStat } from "../../../sim/study/outcome/seed-values.ts";
import { type BySeed, type Paired, paired } from "./paired.ts";

/** A statistic in each seed with what it may become, `null` where the seed has no sample. */
export type BoundsBySeed = ReadonlyMap<string, Bounds | null>;

/** What may grow by less than this is certain: percentiles are within it. */
const visible = 1.001;

/**
 * Compares a statistic seed by seed, samples that had not ended taken for as long as their age. The interval reaches from that of the least
 * change that is still possible to that of the largest, so it holds whatever becomes of them; it is open, 0 or infinite at that end, where
 * nothing limits them. Longer or shorter is claimed only where it excludes no change. There is a ratio, as a bound, where one side alone
 * may grow, and none where both may.
 */
export function pairedBounds(
  stat: ComparedStat,
  seeds: readonly string[],
  before: BoundsBySeed,
  after: BoundsBySeed,
): Paired {
  const now = paired(stat, seeds, valuesOf(before), valuesOf(after));
  const sides = { reference: grows(seeds, before), candidate: grows(seeds, after) };
  const at_least = (["reference", "candidate"] as const).filter((side) => sides[side]);
  if (at_least.length === 0) return now;
  const isBound = at_least.length === 1;
  const intervals = possible(seeds, before, after);
  const bound = { ...now, at_least, ...intervals, variance_reduction: null };
  const open = { ...bound, ratio: isBound ? now.ratio : null, diff: isBound ? now.diff : null };
  if (now.effect === "gone" || now.effect === "new") return open;
  const { interval, diff_interval } = intervals;
  const effect = claimed(interval, 1) ?? claimed(diff_interval, 0);
  if (effect !== null) return { ...open, effect, why: null };
  return { ...open, effect: "unknown", why: now.why ?? "what had not ended may still change it" };
}

/** What an interval claims. @param same where nothing changed. */
function claimed(interval: Interval | null, same: number): "longer" | "shorter" | null {
  if (interval === null) return null;
  if (interval.low > same) return "longer";
  return interval.high < same ? "shorter" : null;
}

type Intervals = Pick<Paired, "interval" | "diff_interval">;

/** The interval of the ratio, or where a seed has 0 of the difference; neither with fewer than two seeds, or where a seed has no sample. */
function possible(seeds: readonly string[], before: BoundsBySeed, after: BoundsBySeed): Intervals {
  const pairs = seeds.flatMap((seed): [Bounds, Bounds][] => {
    const [a, b] = [before.get(seed) ?? null, after.get(seed) ?? null];
    return a === null || b === null ? [] : [[a, b]];
  });
  if (pairs.length < Math.max(2, seeds.length)) return { interval: null, diff_interval: null };
  const isRatio = pairs.every(([a, b]) => a.low > 0 && b.low > 0);
  const change = (a: number, b: number): number => (isRatio ? Math.log(b) - Math.log(a) : b - a);
  const mean = (changes: readonly number[]): Interval | null =>
    changes.every(Number.isFinite) ? meanInterval(changes, 0.95) : null;
  const low = mean(pairs.map(([a, b]) => change(a.high, b.low)))?.low ?? Number.NEGATIVE_INFINITY;
  const high = mean(pairs.map(([a, b]) => change(a.low, b.high)))?.high ?? Number.POSITIVE_INFINITY;
  const { point, n } = meanInterval(
    pairs.map(([a, b]) => change(a.low, b.low)),
    0.95,
  );
  if (!isRatio) return { interval: null, diff_interval: { point, low, high, n, method: "t" } };
  const interval: Interval = { point: Math.exp(point), low: Math.exp(low), high: Math.exp(high), n, method: "log t" };
  return { interval, diff_interval: null };
}

function valuesOf(bounds: BoundsBySeed): BySeed {
  return new Map([...bounds].map(([seed, one]) => [seed, one === null ? null : one.low]));
}

/** May what the seeds have still grow by as much as can be seen? */
function grows(seeds: readonly string[], bounds: BoundsBySeed): boolean {
  return seeds.some((seed) => {
    const { low, high } = bounds.get(seed) ?? exactly(0);
    return high > low * visible;
  });
}
