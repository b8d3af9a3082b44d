/** A comparison where samples had not ended: what may still grow makes a ratio a bound, and what is claimed must hold whatever becomes of it. */
import { type Bounds, exactly } from "../../../sim/study/bounds.ts";
import type { ComparedStat } from "../../../sim/study/outcome/seed-values.ts";
import { type BySeed, type Paired, paired } from "./paired.ts";

/** A statistic in each seed with what it may become, `null` where the seed has no sample. */
export type BoundsBySeed = ReadonlyMap<string, Bounds | null>;

/** What may grow by less than this is certain: percentiles are within it. */
const visible = 1.001;

/**
 * Compares a statistic seed by seed, samples that had not ended taken for as long as their age. Longer or shorter is claimed only where it
 * is so whatever becomes of them; there is a ratio, as a bound and without an interval, where one side alone may grow, and none where both may.
 */
export function pairedBounds(
  stat: ComparedStat,
  seeds: readonly string[],
  before: BoundsBySeed,
  after: BoundsBySeed,
): Paired {
  const now = paired(stat, seeds, valuesOf(before, "low"), valuesOf(after, "low"));
  const sides = { reference: grows(seeds, before), candidate: grows(seeds, after) };
  const at_least = (["reference", "candidate"] as const).filter((side) => sides[side]);
  if (at_least.length === 0) return now;
  const isBound = at_least.length === 1;
  const bound = { ...now, at_least, interval: null, diff_interval: null, variance_reduction: null };
  const open = { ...bound, ratio: isBound ? now.ratio : null, diff: isBound ? now.diff : null };
  const stays = (worst: Paired): boolean => worst.effect === now.effect;
  const [lows, highs] = [valuesOf(before, "low"), valuesOf(after, "high")];
  const isSure =
    (now.effect === "longer" && !sides.reference) ||
    (now.effect === "longer" &&
      isLimited(before) &&
      stays(paired(stat, seeds, valuesOf(before, "high"), valuesOf(after, "low")))) ||
    (now.effect === "shorter" && !sides.candidate) ||
    (now.effect === "shorter" && isLimited(after) && stays(paired(stat, seeds, lows, highs)));
  if (isSure || now.effect === "gone" || now.effect === "new") return open;
  return { ...open, effect: "unknown", why: now.why ?? "what had not ended may still change it" };
}

function valuesOf(bounds: BoundsBySeed, side: keyof Bounds): BySeed {
  return new Map([...bounds].map(([seed, one]) => [seed, one === null ? null : one[side]]));
}

function isLimited(bounds: BoundsBySeed): boolean {
  return [...bounds.values()].every((one) => one === null || Number.isFinite(one.high));
}

/** May what the seeds have still grow by as much as can be seen? */
function grows(seeds: readonly string[], bounds: BoundsBySeed): boolean {
  return seeds.some((seed) => {
    const { low, high } = bounds.get(seed) ?? exactly(0);
    return high > low * visible;
  });
}
