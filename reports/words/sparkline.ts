import type { Histogram } from "../../sim/measure/metrics/histogram.ts";

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** Powers of two of ns, both included. */
export interface Octaves {
  readonly from: number;
  readonly to: number;
}

/** The octaves that hold the values above 0 of all histograms; null where there are none. */
export function octavesOf(histograms: readonly Histogram[]): Octaves | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const histogram of histograms) {
    histogram.forEachBucket((lo) => {
      if (lo === 0) return;
      from = Math.min(from, octave(lo));
      to = Math.max(to, octave(lo));
    });
  }
  return from > to ? null : { from, to };
}

/**
 * The values above 0 of a histogram, a letter an octave, all bars on one scale; the height is the square root of the share, so that a tail is
 * seen. An octave without a value is a blank. No longer than its last value.
 */
export function sparkline(histogram: Histogram, { from, to }: Octaves): string {
  const counts = Array.from({ length: to - from + 1 }, () => 0);
  histogram.forEachBucket((lo, _hi, count) => {
    if (lo > 0) counts[octave(lo) - from] = (counts[octave(lo) - from] ?? 0) + count;
  });
  const most = Math.max(...counts);
  return counts
    .map((count) =>
      count === 0 ? " " : (bars[Math.max(0, Math.ceil(Math.sqrt(count / most) * bars.length) - 1)] ?? ""),
    )
    .join("")
    .trimEnd();
}

function octave(ns: number): number {
  return Math.floor(Math.log2(ns));
}
