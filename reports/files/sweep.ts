import { type Bounds, isCertain } from "../../sim/study/bounds.ts";
import { intervalOf } from "../../sim/study/evidence.ts";
import type { Replication } from "../../sim/study/replication.ts";
import type { Interval } from "../../sim/study/statistics.ts";
import { csvLine } from "./csv-line.ts";
import { columnName, parseStatistic, type Statistic, valueIn } from "../../sim/study/statistic.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";

/** What is printed when nothing is asked for. */
export const defaultColumns: readonly Statistic[] = [
  parseStatistic("mmap_sem.wait{mode=R}", "mean"),
  parseStatistic("mmap_sem.wait{mode=R}", "p99"),
  parseStatistic("mmap_sem.wait{mode=W}", "p99"),
  parseStatistic("mmap_sem.hold{mode=R}", "p99"),
  parseStatistic("mmap_sem.hold_io{mode=R}", "count"),
];

/**
 * One cell of a sweep: where it lies in the grid, and what one variant came to, each value taken in every seed and then over the seeds.
 * Times in ns; a value is null where there is no sample.
 */
export interface SweepRow {
  readonly cell: Readonly<Record<string, string>>;
  readonly variant: string;
  readonly seeds: number;
  readonly ending: string;
  readonly values: Readonly<Record<string, number | null>>;
  /** Half the 95 % interval of each value over the seeds; null where one seed has it. */
  readonly half_widths: Readonly<Record<string, number | null>>;
  /** The columns whose values may only be larger: samples of theirs had not ended. */
  readonly at_least: readonly string[];
}

/** The row of one outcome and its seeds. */
export function sweepRow(
  cell: Readonly<Record<string, string>>,
  { variant, ending }: VariantOutcome,
  seeds: readonly Replication[],
  columns: readonly Statistic[],
): SweepRow {
  const found = columns.map((column) => {
    const bounds = seeds.flatMap((one) => valueIn(one.metrics, one.simulated_ns, column) ?? []);
    const interval = bounds.length === 0 ? null : over(column, bounds);
    return { name: columnName(column), interval, isCertain: bounds.every(isCertain) };
  });
  return {
    cell,
    variant,
    seeds: seeds.length,
    ending,
    values: Object.fromEntries(found.map(({ name, interval }) => [name, interval?.point ?? null])),
    half_widths: Object.fromEntries(
      found.map(({ name, interval }) => [
        name,
        interval === null || interval.n < 2 ? null : (interval.high - interval.low) / 2,
      ]),
    ),
    at_least: found.flatMap(({ name, isCertain: certain }) => (certain ? [] : [name])),
  };
}

function over({ aggregate }: Statistic, bounds: readonly Bounds[]): Interval {
  return intervalOf(
    { aggregate, confidence: 0.95 },
    bounds.map(({ low }) => low),
  );
}

/** The head line of the CSV, without a newline. */
export function csvHead(paths: readonly string[], columns: readonly Statistic[]): string {
  return csvLine([...paths, "variant", "seeds", "ending", ...columns.map(columnName), "at_least"]);
}

/** One row as CSV (RFC 4180), without a newline. An empty field is a value that does not exist. */
export function csvRow(row: SweepRow): string {
  const values = Object.values(row.values).map((value) => (value === null ? "" : String(value)));
  return csvLine([
    ...Object.values(row.cell),
    row.variant,
    String(row.seeds),
    row.ending,
    ...values,
    row.at_least.join(" "),
  ]);
}
