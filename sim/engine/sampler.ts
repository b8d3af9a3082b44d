import type { Law } from "./law.ts";

/** Turns one uniform number into one duration of a law, by its inverse distribution function. */
export interface Sampler {
  /** @param u uniform in [0, 1). @returns whole nanoseconds >= 0. */
  sample(u: number): number;
}

/** z with Phi(z) = 0.99. */
const z99 = 2.3263478740408408;

/** @throws RangeError when an empirical law has no sample at all. */
export function samplerOf(law: Law): Sampler {
  switch (law.kind) {
    case "constant":
      return { sample: () => law.value_ns };
    case "uniform":
      return { sample: (u) => Math.round(law.min_ns + u * (law.max_ns - law.min_ns)) };
    case "exponential":
      return { sample: (u) => Math.round(-law.mean_ns * Math.log(1 - u)) };
    case "lognormal": {
      const mu = Math.log(law.p50_ns);
      const sigma = (Math.log(law.p99_ns) - mu) / z99;
      return { sample: (u) => Math.round(Math.exp(mu + sigma * normalQuantile(u))) };
    }
    case "pareto":
      return {
        sample: (u) => Math.min(Math.round(law.scale_ns * (1 - u) ** (-1 / law.alpha)), Number.MAX_SAFE_INTEGER),
      };
    case "empirical":
      return empiricalSampler(law);
  }
}

/** Mean of a law in ns; `Infinity` for a Pareto law with alpha <= 1. */
export function meanOf(law: Law): number {
  switch (law.kind) {
    case "constant":
      return law.value_ns;
    case "uniform":
      return (law.min_ns + law.max_ns) / 2;
    case "exponential":
      return law.mean_ns;
    case "lognormal": {
      const sigma = Math.log(law.p99_ns / law.p50_ns) / z99;
      return law.p50_ns * Math.exp((sigma * sigma) / 2);
    }
    case "pareto":
      return law.alpha <= 1 ? Number.POSITIVE_INFINITY : (law.scale_ns * law.alpha) / (law.alpha - 1);
    case "empirical": {
      let sum = 0;
      let count = 0;
      for (const [i, n] of law.counts.entries()) {
        sum += (n * ((law.lo_ns[i] as number) + (law.hi_ns[i] as number))) / 2;
        count += n;
      }
      return sum / count;
    }
  }
}

function empiricalSampler(law: Law & { kind: "empirical" }): Sampler {
  const below = new Float64Array(law.counts.length + 1);
  for (const [i, n] of law.counts.entries()) below[i + 1] = (below[i] as number) + n;
  const total = below[law.counts.length] as number;
  if (!(total > 0)) throw new RangeError(`latency law from ${law.source} has no samples`);
  return {
    sample(u) {
      const rank = u * total;
      let low = 0;
      let high = law.counts.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((below[middle + 1] as number) > rank) high = middle;
        else low = middle + 1;
      }
      const inside = (rank - (below[low] as number)) / (law.counts[low] as number);
      const lo = law.lo_ns[low] as number;
      return Math.round(lo + inside * ((law.hi_ns[low] as number) - lo));
    },
  };
}

/**
 * Inverse of the standard normal distribution function, relative error below 1e-9. At 0 it is taken at the smallest u
 * that a draw can have, 2^-53, so that the result stays finite.
 *
 * Source: P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function" (2003).
 */
export function normalQuantile(u: number): number {
  const p = Math.min(Math.max(u, 2 ** -53), 1 - 2 ** -53);
  const tail = 0.02425;
  if (p < tail) return tailQuantile(p);
  if (p > 1 - tail) return -tailQuantile(1 - p);
  const q = p - 0.5;
  const r = q * q;
  const numerator =
    (((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.38357751867269e2) * r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
    q;
  const denominator =
    ((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r -
      1.328068155288572e1) *
      r +
    1;
  return numerator / denominator;
}

function tailQuantile(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  const numerator =
    ((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
    2.938163982698783;
  const denominator =
    (((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
  return numerator / denominator;
}
