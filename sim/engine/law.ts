/**
 * A distribution of durations. All numbers are nanoseconds, except `alpha` and `counts`.
 *
 * - `lognormal` is given by its median and its 99th percentile, as device data sheets and histograms give it.
 * - `pareto` has its minimum `scale_ns` and the tail index `alpha`; its mean is infinite for `alpha <= 1`.
 * - `empirical` is a histogram: bin `i` covers `[lo_ns[i], hi_ns[i])` and was hit `counts[i]` times; inside a bin all
 *   values are equally likely. `source` says where it was measured.
 */
export type Law =
  | { readonly kind: "constant"; readonly value_ns: number }
  | { readonly kind: "uniform"; readonly min_ns: number; readonly max_ns: number }
  | { readonly kind: "exponential"; readonly mean_ns: number }
  | { readonly kind: "lognormal"; readonly p50_ns: number; readonly p99_ns: number }
  | { readonly kind: "pareto"; readonly scale_ns: number; readonly alpha: number }
  | {
      readonly kind: "empirical";
      readonly source: string;
      readonly lo_ns: readonly number[];
      readonly hi_ns: readonly number[];
      readonly counts: readonly number[];
    };
