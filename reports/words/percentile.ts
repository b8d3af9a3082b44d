import type { Histogram } from "../../sim/measure/metrics/histogram.ts";

/** Samples that must lie above a percentile for it to say anything: what `check` asks for. */
const fewestAbove = 10;

/** Are `n` samples enough for the percentile `p` (0..100): do at least ten lie above it? */
export function hasPercentile(n: number, p: number): boolean {
  // In whole numbers: 10,000 * (1 - 0.999) is a little less than 10.
  return Math.round(n * (100 - p) * 1000) >= fewestAbove * 100_000;
}

/**
 * The mean wait of those who waited, ns, as /proc/lock_stat has it; null when nobody did. Source: v3.17 kernel/locking/lockdep_proc.c
 * seq_lock_time(): the total divided by the number of contentions that are over.
 */
export function contendedMean(wait: Histogram): number | null {
  let waited = 0;
  wait.forEachBucket((lo, _hi, count) => {
    if (lo > 0) waited += count;
  });
  return waited === 0 ? null : wait.sum / waited;
}
