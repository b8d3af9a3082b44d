import type { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { countWhere, type Metrics, samplesWhere, type Tags, tagValues } from "../../sim/measure/metrics/metrics.ts";
import { formatCount, formatDuration } from "../words/format-duration.ts";
import { contendedMean, percentileOf } from "../words/percentile.ts";
import { type Column, textTable } from "../words/text-table.ts";

/** One row: a mode of the lock, or the part of it that a role or a site had. */
interface LockRow {
  readonly name: string;
  readonly contentions: number;
  readonly wait: Histogram;
  readonly hold: Histogram;
  readonly holdIo: Histogram;
}

/** Counts and the longest always; totals before percentiles. lock_stat's average of waits is of those who waited. */
const columns: readonly Column<LockRow>[] = [
  { head: "class name", rank: 0, align: "left", cell: ({ name }) => name },
  count("contentions", 0, ({ contentions }) => contentions),
  duration("wait-max", 0, ({ wait }) => maximum(wait)),
  duration("wait-total", 2, ({ wait }) => wait.sum),
  duration("wait-avg", 7, ({ wait }) => contendedMean(wait)),
  duration("wait-p50", 9, ({ wait }) => percentileOf(wait, 50)),
  duration("wait-p99", 4, ({ wait }) => percentileOf(wait, 99)),
  count("acquisitions", 0, ({ hold }) => hold.count),
  duration("hold-max", 0, ({ hold }) => maximum(hold)),
  duration("hold-total", 1, ({ hold }) => hold.sum),
  duration("hold-avg", 8, ({ hold }) => hold.mean),
  duration("hold-p50", 9, ({ hold }) => percentileOf(hold, 50)),
  duration("hold-p99", 4, ({ hold }) => percentileOf(hold, 99)),
  duration("hold-p99.9", 6, ({ hold }) => percentileOf(hold, 99.9)),
  duration("hold-io", 3, ({ holdIo }) => (holdIo.count === 0 ? null : holdIo.sum)),
];

/**
 * /proc/lock_stat of the simulated locks, with percentiles: a row for each mode (`-W`, `-R`, all mms together), below it one
 * for each role and each site. All samples of all seeds together. Acquisitions are those that were released; `hold-io` is the total of
 * the holders' sleeps for IO, `-` when there was none; a percentile of too few samples is `-`. Fits `width` columns by leaving columns
 * out, never a count or a maximum.
 */
export function lockStatTable(metrics: Metrics, width: number): string {
  const rows: LockRow[] = [];
  for (const mode of ["W", "R"]) {
    rows.push(row(metrics, `&mm->mmap_sem-${mode}`, { mode }));
    for (const tag of ["role", "site"]) {
      for (const value of tagValues(metrics, "mmap_sem.hold", tag, { mode })) {
        rows.push(row(metrics, `  ${tag} ${value === "" ? "-" : value}`, { mode, [tag]: value }));
      }
    }
  }
  return textTable(columns, rows, width);
}

function row(metrics: Metrics, name: string, tags: Tags): LockRow {
  return {
    name,
    contentions: countWhere(metrics, "mmap_sem.contentions", tags),
    wait: samplesWhere(metrics, "mmap_sem.wait", tags),
    hold: samplesWhere(metrics, "mmap_sem.hold", tags),
    holdIo: samplesWhere(metrics, "mmap_sem.hold_io", tags),
  };
}

function maximum(histogram: Histogram): number | null {
  return histogram.count === 0 ? null : histogram.max;
}

function count(head: string, rank: number, value: (row: LockRow) => number): Column<LockRow> {
  return { head, rank, align: "right", cell: (row) => formatCount(value(row)) };
}

function duration(head: string, rank: number, value: (row: LockRow) => number | null): Column<LockRow> {
  return { head, rank, align: "right", cell: (row) => formatDuration(value(row)) };
}
