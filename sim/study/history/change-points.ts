/** Where a history of values changes: E-divisive (Matteson and James, 2014), with each part of the history tested by itself. */
import { Stream } from "../../engine/random.ts";

/** A place at which the values before and after are of different distributions. */
export interface ChangePoint {
  /** The first value of the new kind, from 0. */
  readonly at: number;
  /** How probable a division as sharp as this is in values that have no order, 0..1: of their permutations the share that has one. */
  readonly p: number;
}

/** Fewest values on each side of a change. */
const fewestValues = 3;

/** Of the permutations that a test makes so many may be as sharp as the history itself: fewer would make a coarse probability. */
const mostAsSharp = 5;

/**
 * The change points of a history, in its order. Permutations are drawn from a stream of their own: equal histories have equal answers.
 *
 * @param values in the order in which they were measured. @param level 0..1: how often a history without a change may be said to have one.
 */
export function changePoints(values: readonly number[], level: number): ChangePoint[] {
  const draws = new Stream("1", "history", "permutations");
  const found: ChangePoint[] = [];
  const parts: [from: number, to: number][] = [[0, values.length]];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const [from, to] = part;
    const change = changePointIn(values.slice(from, to), level, draws);
    if (change === null) continue;
    found.push({ at: from + change.at, p: change.p });
    parts.push([from, from + change.at], [from + change.at, to]);
  }
  return found.sort((a, b) => a.at - b.at);
}

/** The sharpest division of these values, when it is sharp enough. */
function changePointIn(values: readonly number[], level: number, draws: Stream): ChangePoint | null {
  const n = values.length;
  const distances = values.map((a) => Float64Array.from(values, (b) => Math.abs(a - b)));
  const order = Array.from(values.keys());
  const { at, sharpness } = sharpest(distances, order);
  if (!(sharpness > 0)) return null;
  const permutations = Math.ceil(mostAsSharp / level) - 1;
  // Sums that are equal but for the order of their terms differ in their last bits.
  const asSharp = sharpness * (1 - 1e-9);
  let count = 0;
  for (let i = 0; i < permutations; i++) {
    shuffle(order, draws);
    if (sharpest(distances, order).sharpness < asSharp) continue;
    count++;
    // Whatever the others are like, it is not sharp enough any more.
    if (count >= mostAsSharp) return null;
  }
  return n === 0 ? null : { at, p: (count + 1) / (permutations + 1) };
}

/**
 * Where the energy distance between what is before and what is after, scaled by their sizes, is largest: twice the mean distance between
 * the two sides, less the mean distance within each.
 */
function sharpest(
  distances: readonly Float64Array[],
  order: readonly number[],
): { readonly at: number; readonly sharpness: number } {
  const n = order.length;
  let [between, before, after] = [0, 0, 0];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) after += distanceOf(distances, order, i, j);
  let best = { at: 0, sharpness: 0 };
  for (let moved = 0; moved < n - fewestValues; moved++) {
    let [toBefore, toAfter] = [0, 0];
    for (let i = 0; i < moved; i++) toBefore += distanceOf(distances, order, moved, i);
    for (let i = moved + 1; i < n; i++) toAfter += distanceOf(distances, order, moved, i);
    before += toBefore;
    after -= toAfter;
    between += toAfter - toBefore;
    const [m, k] = [moved + 1, n - moved - 1];
    if (m < fewestValues) continue;
    const energy = (2 * between) / (m * k) - (2 * before) / (m * (m - 1)) - (2 * after) / (k * (k - 1));
    const sharpness = ((m * k) / n) * energy;
    if (sharpness > best.sharpness) best = { at: m, sharpness };
  }
  return best;
}

function distanceOf(distances: readonly Float64Array[], order: readonly number[], i: number, j: number): number {
  return (distances[order[i] as number] as Float64Array)[order[j] as number] as number;
}

/** Fisher and Yates. */
function shuffle(order: number[], draws: Stream): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(draws.uniform() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}
