import type { Law } from "../../sim/engine/law.ts";
import { meanOf, samplerOf } from "../../sim/engine/sampler.ts";
import { formatCount, formatDuration } from "./format-duration.ts";

/** A law that is a formula is drawn from the quantiles in the middle of this many equal parts. */
const parts = 1_000;
const bars = "▁▂▃▄▅▆▇█";
/** More octaves than this are drawn two or more to a sign. */
const maxSigns = 32;

/**
 * A law of durations in one line: how many values it was measured from (where it was), mean, median, p99 and maximum (where it has
 * one), and its shape, one sign an octave: of a measured law all that were met, of a formula those that a thousandth of the values
 * lie in.
 */
export function lawSummary(law: Law): string {
  const sampler = samplerOf(law);
  const quantile = (share: number): string => formatDuration(sampler.sample(share));
  const mean = meanOf(law);
  const figures = [
    ...(law.kind === "empirical" ? [`${formatCount(law.counts.reduce((sum, n) => sum + n, 0))} values`] : []),
    `mean ${Number.isFinite(mean) ? formatDuration(Math.round(mean)) : "infinite"}`,
    `p50 ${quantile(0.5)}`,
    `p99 ${quantile(0.99)}`,
    `max ${maximumOf(law)}`,
  ];
  return `${figures.join(", ")}  ${picture(law)}`;
}

function maximumOf(law: Law): string {
  switch (law.kind) {
    case "constant":
      return formatDuration(law.value_ns);
    case "uniform":
      return formatDuration(law.max_ns);
    case "empirical":
      return formatDuration(law.hi_ns.reduce((high, one) => Math.max(high, Math.round(one)), 0));
    default:
      return "unbounded";
  }
}

/** `|▂▅█▁| 32.8 µs to 524 µs`: the share of the values in each octave, the fullest one as high as can be. */
function picture(law: Law): string {
  const octaves = new Map<number, number>();
  for (const [value, count] of valuesOf(law)) {
    const octave = value < 1 ? 0 : Math.floor(Math.log2(value));
    octaves.set(octave, (octaves.get(octave) ?? 0) + count);
  }
  const [first, last] = [Math.min(...octaves.keys()), Math.max(...octaves.keys())];
  const step = Math.ceil((last - first + 1) / maxSigns);
  const heights: number[] = [];
  for (let octave = first; octave <= last; octave++) {
    const at = Math.floor((octave - first) / step);
    heights[at] = (heights[at] ?? 0) + (octaves.get(octave) ?? 0);
  }
  const highest = Math.max(...heights);
  const signs = heights.map((n) => (n === 0 ? " " : bars[Math.ceil((n / highest) * bars.length) - 1]));
  return `|${signs.join("")}| ${formatDuration(2 ** first)} to ${formatDuration(2 ** (first + heights.length * step))}`;
}

function valuesOf(law: Law): (readonly [value: number, count: number])[] {
  if (law.kind === "empirical") {
    return law.counts.map((count, i) => [((law.lo_ns[i] as number) + (law.hi_ns[i] as number)) / 2, count] as const);
  }
  const sampler = samplerOf(law);
  return Array.from({ length: parts }, (_, i) => [sampler.sample((i + 0.5) / parts), 1] as const);
}
