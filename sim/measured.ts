/** What a scenario was measured to do on a real machine. */

/** What a statistic of a metric was measured to be on a real machine, and how near a simulation must come to agree. */
export interface MeasuredCell {
  readonly metric: string;
  /** `rate` is a second of simulated time; `count` with {@link per} is a ratio of counts. */
  readonly stat: "rate" | "count" | "mean" | "p50" | "p90" | "p99" | "max";
  readonly per: string | null;
  /** In ns, or a plain number for rates and counts; the median of the runs. */
  readonly value: number;
  readonly range: readonly [number, number] | null;
  /** Null: there is none. */
  readonly tolerance: Tolerance | null;
}

/**
 * `within`: a share of the measured value. `factor`: up to so many times more or less. `plus`: so many ns (or plain) more or less.
 * `rounds`: that many times the median of another metric, `null` for 1, 2 or 3 times, within a share.
 */
export type Tolerance =
  | { readonly kind: "within"; readonly share: number }
  | { readonly kind: "factor"; readonly factor: number }
  | { readonly kind: "plus"; readonly amount: number }
  | { readonly kind: "rounds"; readonly of: string; readonly number: number | null; readonly share: number };

/** A real machine's runs of the scenario. `variant` is what ran there. */
export interface Measured {
  readonly source: string;
  readonly variant: string;
  readonly cells: Readonly<Record<string, MeasuredCell>>;
}
