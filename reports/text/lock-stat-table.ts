import { type Bounds, exactly } from "../../sim/study/bounds.ts";
import { ofSamples, type Samples, samplesOf, sumOf } from "../../sim/study/statistic.ts";
import { bounded } from "../words/bounded.ts";
import { countWhere, type Metrics, type Tags, tagValues } from "../../sim/measure/metrics/metrics.ts";
import { formatCount, formatDuration } from "../words/format-duration.ts";
import { contendedMean, hasPercentile } from "../words/percentile.ts";
import { type Column, textTable } from "../words/text-table.ts";

/** One row: a mode of the lock, or the part of it that a role or a site had. */
interface LockRow {
  readonly name: string;
  readonly contentions: number;
  readonly wait: Samples;
  readonly hold: Samples;
  readonly holdIo: Samples;
}

/** Counts and the longest always; totals before percentiles. lock_stat's average of waits is of those who waited. */
const columns: readonly Column<LockRow>[] = [
  { head: "class name", rank: 0, align: "left", cell: ({ name }) => name },
  count("contentions", 0, ({ contentions }) => contentions),
  duration("wait-max", 0, ({ wait }) => ofSamples(wait, { kind: "max" })),
  duration("wait-total", 2, ({ wait }) => sumOf(wait)),
  duration("wait-avg", 7, ({ wait }) => contendedWait(wait)),
  duration("wait-p50", 9, ({ wait }) => enough(wait, 50)),
  duration("wait-p99", 4, ({ wait }) => enough(wait, 99)),
  count("acquisitions", 0, ({ hold }) => hold.ended.count + hold.open.count),
  duration("hold-max", 0, ({ hold }) => ofSamples(hold, { kind: "max" })),
  duration("hold-total", 1, ({ hold }) => sumOf(hold)),
  duration("hold-avg", 8, ({ hold }) => ofSamples(hold, { kind: "mean" })),
  duration("hold-p50", 9, ({ hold }) => enough(hold, 50)),
  duration("hold-p99", 4, ({ hold }) => enough(hold, 99)),
  duration("hold-p99.9", 6, ({ hold }) => enough(hold, 99.9)),
  duration("hold-io", 3, ({ holdIo }) => (holdIo.ended.count + holdIo.open.count === 0 ? null : sumOf(holdIo))),
];

/**
 * /proc/lock_stat of the simulated locks, with percentiles: a row for each mode (`-W`, `-R`, all mms together), below it one
 * for each role and each site. All samples of all seeds together. Acquisitions are those that were released and those that were not;
 * `hold-io` is the total of the holders' sleeps for IO, `-` when there was none; a percentile of too few samples is `-`; `≥` is what may
 * still be larger, because something had not ended. Fits `width` columns by leaving columns out, never a count or a maximum.
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
    wait: samplesOf(metrics, "mmap_sem.wait", tags),
    hold: samplesOf(metrics, "mmap_sem.hold", tags),
    holdIo: samplesOf(metrics, "mmap_sem.hold_io", tags),
  };
}

function count(head: string, rank: number, value: (row: LockRow) => number): Column<LockRow> {
  return { head, rank, align: "right", cell: (row) => formatCount(value(row)) };
}

function duration(head: string, rank: number, value: (row: LockRow) => Bounds | null): Column<LockRow> {
  return { head, rank, align: "right", cell: (row) => bounded(value(row), formatDuration) };
}

/** A percentile, where there are samples enough for it. */
function enough(samples: Samples, p: number): Bounds | null {
  return hasPercentile(samples.ended.count + samples.open.count, p)
    ? ofSamples(samples, { kind: "percentile", p })
    : null;
}

/** lock_stat's average, of the waits that are over; null while one is not, for it is in no average yet. */
function contendedWait({ ended, open }: Samples): Bounds | null {
  const mean = open.count === 0 ? contendedMean(ended) : null;
  return mean === null ? null : exactly(mean);
}
