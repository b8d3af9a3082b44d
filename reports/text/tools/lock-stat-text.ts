import { countWhere, samplesWhere, tagValues } from "../../../sim/measure/metrics/metrics.ts";
import type { Histogram } from "../../../sim/measure/metrics/histogram.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";

/** The kernel prints no more contention points of a class. Source: v6.18 include/linux/lockdep_types.h LOCKSTAT_POINTS. */
const points = 4;
const line = 40 + 1 + 12 * (14 + 1);
const className = "&mm->mmap_sem";

const heads = [
  "con-bounces",
  "contentions",
  "waittime-min",
  "waittime-max",
  "waittime-total",
  "waittime-avg",
  "acq-bounces",
  "acquisitions",
  "holdtime-min",
  "holdtime-max",
  "holdtime-total",
  "holdtime-avg",
];

/**
 * The lock as /proc/lock_stat prints it, for scripts that read that: times in us, of all seeds and mms together. Contentions are waits that
 * are over, acquisitions holds that are, and each average is divided by those. A bounce is `-`: no CPU is remembered for it. Ends with a
 * newline.
 *
 * Source: v6.18 kernel/locking/lockdep_proc.c seq_header(), seq_stats(), seq_lock_time().
 * Left out: contending points, and the addresses of the contention points.
 */
export function lockStatText(outcomes: readonly VariantOutcome[]): string {
  return outcomes.map((outcome) => oneVariant(outcome, outcomes.length > 1)).join("\n");
}

function oneVariant({ variant, metrics }: VariantOutcome, isNamed: boolean): string {
  const read = samplesWhere(metrics, "mmap_sem.hold", { mode: "R" });
  const lines = [
    ...(isNamed ? [`# ${variant}`] : []),
    "lock_stat version 0.4",
    "-".repeat(line),
    ["class name".padStart(40), ...heads.map((head) => head.padStart(14))].join(" "),
    "-".repeat(line),
    "",
    ...(["W", "R"] as const).flatMap((mode) => {
      const hold = samplesWhere(metrics, "mmap_sem.hold", { mode });
      if (hold.count === 0) return [];
      const wait = contended(samplesWhere(metrics, "mmap_sem.wait", { mode }));
      const isAlone = mode === "W" && read.count === 0;
      const name = isAlone ? `${className.padStart(40)}:` : `${className.padStart(38)}-${mode}:`;
      return [`${name}${"-".padStart(14)} ${lockTime(wait)} ${"-".padStart(14)} ${lockTime(hold)}`];
    }),
    ...contentionPoints(metrics, read.count > 0),
    "",
  ];
  return lines.join("\n");
}

interface LockTime {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
}

/** The waits of those who waited: a contention is none that got the lock at once. */
function contended(wait: Histogram): LockTime {
  let count = 0;
  let min = 0;
  wait.forEachBucket((lo, _hi, n) => {
    if (lo === 0) return;
    if (count === 0) min = lo;
    count += n;
  });
  return { count, min: wait.count === count ? wait.min : min, max: wait.max, sum: wait.sum };
}

function lockTime({ count, min, max, sum }: LockTime): string {
  const times = count === 0 ? [0, 0, 0, 0] : [min, max, sum, Math.floor(sum / count)];
  return [String(count).padStart(14), ...times.map((ns) => micros(ns).padStart(14))].join(" ");
}

/** Source: v6.18 kernel/locking/lockdep_proc.c snprint_time(): us with two digits, rounded. */
function micros(ns: number): string {
  const hundredths = Math.floor((ns + 5) / 10);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
}

/** Where tasks waited, the sites with most contentions. */
function contentionPoints(metrics: VariantOutcome["metrics"], hasReaders: boolean): string[] {
  const found = (["R", "W"] as const).flatMap((mode) =>
    tagValues(metrics, "mmap_sem.wait", "site", { mode }).map((site) => ({
      site,
      n: countWhere(metrics, "mmap_sem.contentions", { mode, site }),
    })),
  );
  const rows = found
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n)
    .slice(0, points);
  if (rows.length === 0) return [];
  const length = className.length + (hasReaders ? 2 : 0);
  return [
    `${" ".repeat(40 - length)}${"-".repeat(length)}`,
    ...rows.map(
      ({ site, n }) => `${className.padStart(40)} ${String(n).padStart(14)} ${"".padStart(29)} ${site || "-"}`,
    ),
    "",
    ".".repeat(line),
  ];
}
