import { csvLine } from "./csv-line.ts";
import { type Stat, statOf } from "../words/metric-summary.ts";
import type { VariantOutcome } from "../documents/outcome.ts";

/** A statistic of a metric, one column of a sweep. Times in ns. */
export interface SweepColumn {
  readonly metric: string;
  readonly stat: Stat;
}

/** The statistics that a column may ask for. */
export const sweepStats: readonly Stat[] = [
  "count",
  "rate",
  "sum_rate",
  "mean",
  "min",
  "p50",
  "p90",
  "p99",
  "p99_9",
  "max",
];

/** What is printed when nothing is asked for. */
export const defaultColumns: readonly SweepColumn[] = [
  { metric: "mmap_sem.wait{mode=R}", stat: "mean" },
  { metric: "mmap_sem.wait{mode=R}", stat: "p99" },
  { metric: "mmap_sem.wait{mode=W}", stat: "p99" },
  { metric: "mmap_sem.hold{mode=R}", stat: "p99" },
  { metric: "mmap_sem.hold_io{mode=R}", stat: "count" },
];

/** One cell of a sweep: where it lies in the grid, and what one variant came to. A value is null where there is no sample. */
export interface SweepRow {
  readonly cell: Readonly<Record<string, string>>;
  readonly variant: string;
  readonly seeds: number;
  readonly ending: string;
  readonly values: Readonly<Record<string, number | null>>;
}

/** The row of one outcome. */
export function sweepRow(
  cell: Readonly<Record<string, string>>,
  outcome: VariantOutcome,
  columns: readonly SweepColumn[],
): SweepRow {
  const { variant, seeds, ending, metrics, simulated_ns } = outcome;
  const values = columns.map((column) => [
    columnName(column),
    statOf(metrics, column.metric, column.stat, simulated_ns),
  ]);
  return { cell, variant, seeds: seeds.length, ending, values: Object.fromEntries(values) };
}

/** The name of a column, and its key in the values of a row: `mmap_sem.wait{mode=R}:p99`. */
export function columnName({ metric, stat }: SweepColumn): string {
  return `${metric}:${stat}`;
}

/** The head line of the CSV, without a newline. */
export function csvHead(paths: readonly string[], columns: readonly SweepColumn[]): string {
  return csvLine([...paths, "variant", "seeds", "ending", ...columns.map(columnName)]);
}

/** One row as CSV (RFC 4180), without a newline. An empty field is a value that does not exist. */
export function csvRow(row: SweepRow): string {
  const values = Object.values(row.values).map((value) => (value === null ? "" : String(value)));
  return csvLine([...Object.values(row.cell), row.variant, String(row.seeds), row.ending, ...values]);
}
