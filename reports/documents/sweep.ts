import type { SweepRow } from "../files/sweep.ts";

/** What `sweep --format json` prints: a row of each variant in each cell of the grid, the last path fastest. */
export interface SweepDocument {
  readonly schema: "gupsim/sweep/v1";
  /** False when the sweep was interrupted: rows are missing. */
  readonly complete: boolean;
  readonly scenario: string;
  /** The paths of the grid. */
  readonly paths: readonly string[];
  /** The statistics of a row, `METRIC:STAT`; times in ns. */
  readonly columns: readonly string[];
  readonly seeds: readonly string[];
  readonly rows: readonly SweepRow[];
}
