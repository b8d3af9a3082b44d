import type { Histogram } from "../../sim/measure/metrics/histogram.ts";

/** Bins of equal width on a log axis: four in a power of two. */
const binsPerOctave = 4;

/** A bin from `lo` to `hi` ns, and its share of all values in percent, zeros included. */
export interface LogBin {
  readonly lo: number;
  readonly hi: number;
  readonly percent: number;
}

/**
 * The values above 0 by log-spaced bins, every bin from the first to the last occupied one, empty ones too. A histogram
 * bucket is counted where its lowest value lies.
 */
export function logBins(histogram: Histogram): LogBin[] {
  const counts = new Map<number, number>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  histogram.forEachBucket((lo, _hi, count) => {
    if (lo === 0) return;
    const bin = Math.floor(Math.log2(lo) * binsPerOctave);
    counts.set(bin, (counts.get(bin) ?? 0) + count);
    first = Math.min(first, bin);
    last = Math.max(last, bin);
  });
  const bins: LogBin[] = [];
  for (let bin = first; bin <= last; bin++) {
    const percent = (100 * (counts.get(bin) ?? 0)) / histogram.count;
    bins.push({ lo: 2 ** (bin / binsPerOctave), hi: 2 ** ((bin + 1) / binsPerOctave), percent });
  }
  return bins;
}
