import { samplesWhere, tagValues } from "../../../sim/measure/metrics/metrics.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";

interface Row {
  readonly caller: string;
  readonly mode: "R" | "W";
  readonly contended: number;
  readonly total: number;
  readonly max: number;
}

/** The units of a time, the longest first, ns. */
const units = [
  [3600e9, "h "],
  [60e9, "m "],
  [1e9, "s "],
  [1e6, "ms"],
  [1e3, "us"],
] as const;

/**
 * The waits as `perf lock contention` prints them: of all seeds and mms together, a line a caller, most waiting first. A caller is the call
 * site, without an offset. Waits that are not over are not in it, as perf has none of them either. Ends with a newline.
 *
 * Source: v6.18 tools/perf/builtin-lock.c print_header_stdio(), print_lock_stat_stdio(), lock_stat_key_print_time().
 */
export function perfLockText(outcomes: readonly VariantOutcome[]): string {
  return outcomes.map((outcome) => oneVariant(outcome, outcomes.length > 1)).join("\n");
}

function oneVariant(outcome: VariantOutcome, isNamed: boolean): string {
  return [
    ...(isNamed ? [`# ${outcome.variant}`] : []),
    `${"contended".padStart(10)} ${["total wait", "max wait", "avg wait"].map((head) => head.padStart(12)).join(" ")}   ${"type".padStart(10)}   caller`,
    "",
    ...rowsOf(outcome).map(
      ({ caller, mode, contended, total, max }) =>
        `${String(contended).padStart(10)} ${[total, max, Math.floor(total / contended)].map(time).join(" ")}   ${`rwsem:${mode}`.padStart(10)}   ${caller}`,
    ),
    "",
  ].join("\n");
}

function rowsOf({ metrics }: VariantOutcome): Row[] {
  const rows = (["R", "W"] as const).flatMap((mode) =>
    tagValues(metrics, "mmap_sem.wait", "site", { mode }).map((site): Row => {
      const wait = samplesWhere(metrics, "mmap_sem.wait", { mode, site });
      let contended = 0;
      wait.forEachBucket((lo, _hi, n) => {
        if (lo > 0) contended += n;
      });
      return { caller: site === "" ? "-" : site, mode, contended, total: wait.sum, max: wait.max };
    }),
  );
  return rows.filter(({ contended }) => contended > 0).sort((a, b) => b.total - a.total);
}

/** Twelve letters, the unit among them. */
function time(ns: number): string {
  for (const [base, unit] of units) if (ns > base) return `${(ns / base).toFixed(2).padStart(9)} ${unit}`;
  return `${String(ns).padStart(9)} ns`;
}
