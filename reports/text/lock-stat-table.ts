import type { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { countWhere, type Metrics, samplesWhere, type Tags, tagValues } from "../../sim/measure/metrics/metrics.ts";
import { formatCount, formatDuration } from "../words/format-duration.ts";
import { type Column, textTable } from "../words/text-table.ts";

/** One row: a mode of the lock, or the part of it that a role or a site had. */
interface LockRow {
  readonly name: string;
  readonly contentions: number;
  readonly wait: Histogram;
  readonly hold: Histogram;
  readonly holdIo: Histogram;
}

const columns: readonly Column<LockRow>[] = [
  { head: "class name", rank: 0, align: "left", cell: ({ name }) => name },
  count("contentions", 0, ({ contentions }) => contentions),
  duration("wait-avg", 7, ({ wait }) => wait.mean),
  duration("wait-p50", 9, ({ wait }) => wait.percentile(50)),
  duration("wait-p99", 0, ({ wait }) => wait.percentile(99)),
  duration("wait-max", 2, ({ wait }) => maximum(wait)),
  duration("wait-total", 5, ({ wait }) => wait.sum),
  count("acquisitions", 0, ({ hold }) => hold.count),
  duration("hold-avg", 8, ({ hold }) => hold.mean),
  duration("hold-p50", 4, ({ hold }) => hold.percentile(50)),
  duration("hold-p99", 0, ({ hold }) => hold.percentile(99)),
  duration("hold-p99.9", 6, ({ hold }) => hold.percentile(99.9)),
  duration("hold-max", 1, ({ hold }) => maximum(hold)),
  duration("hold-total", 4, ({ hold }) => hold.sum),
  duration("hold-io", 3, ({ holdIo }) => (holdIo.count === 0 ? null : holdIo.sum)),
];

/**
 * /proc/lock_stat of the simulated locks, with percentiles: a row for each mode (`-W`, `-R`, all mms together), below it one
 * for each role and each site. Acquisitions are those that were released; `hold-io` is the total of the holders' sleeps for
 * IO, `-` when there was none. Fits `width` columns, from 80, by leaving columns out.
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
