import { samplesWhere } from "../sim/measure/metrics.ts";
import { formatDuration } from "./format-duration.ts";
import type { VariantOutcome } from "./outcome.ts";
import { type Column, textTable } from "./text-table.ts";

/** What one rule does on its own: the reference with a single axis as the candidate has it. */
export interface RuleEffect {
  readonly axis: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: VariantOutcome;
}

/** The rules in which a candidate differs from the reference, each switched on alone, with one seed. */
export interface RuleStudy {
  readonly candidate: string;
  readonly seed: string;
  /** Reference and candidate with that seed. */
  readonly reference: VariantOutcome;
  readonly complete: VariantOutcome;
  readonly rules: readonly RuleEffect[];
}

/** What is shown of each: p99 in ns, null when there is no sample. */
export interface RuleFigures {
  readonly rule: string;
  readonly ending: string;
  readonly reader_wait_p99_ns: number | null;
  readonly writer_wait_p99_ns: number | null;
  readonly reader_hold_p99_ns: number | null;
  readonly hold_io_p99_ns: number | null;
}

/** The figures of a study: the reference, one row a rule, all rules together. */
export function ruleFigures(study: RuleStudy): RuleFigures[] {
  return [
    figures(study.reference.variant, study.reference),
    ...study.rules.map(({ axis, from, to, outcome }) => figures(`${axis}: ${from} -> ${to}`, outcome)),
    figures(`all: ${study.candidate}`, study.complete),
  ];
}

function figures(rule: string, outcome: VariantOutcome): RuleFigures {
  const p99 = (name: string, tags: Record<string, string>): number | null =>
    samplesWhere(outcome.metrics, name, tags).percentile(99);
  return {
    rule,
    ending: outcome.ending,
    reader_wait_p99_ns: p99("mmap_sem.wait", { mode: "R" }),
    writer_wait_p99_ns: p99("mmap_sem.wait", { mode: "W" }),
    reader_hold_p99_ns: p99("mmap_sem.hold", { mode: "R" }),
    hold_io_p99_ns: p99("mmap_sem.hold_io", {}),
  };
}

const columns: readonly Column<RuleFigures>[] = [
  { head: "rule, alone", rank: 0, align: "left", cell: ({ rule }) => rule },
  { head: "R-wait p99", rank: 0, align: "right", cell: (row) => formatDuration(row.reader_wait_p99_ns) },
  { head: "W-wait p99", rank: 0, align: "right", cell: (row) => formatDuration(row.writer_wait_p99_ns) },
  { head: "R-hold p99", rank: 1, align: "right", cell: (row) => formatDuration(row.reader_hold_p99_ns) },
  { head: "hold_io p99", rank: 0, align: "right", cell: (row) => formatDuration(row.hold_io_p99_ns) },
  { head: "", rank: 0, align: "left", cell: ({ ending }) => (ending === "duration" ? "" : ending) },
];

/** A study as text for a terminal of `width` columns. Ends with a newline. */
export function ruleStudyText(study: RuleStudy, width: number): string {
  const title = `which rules of ${study.candidate} make the difference`;
  return [
    `== ${title} ${"=".repeat(Math.max(0, width - title.length - 4))}`,
    textTable(columns, ruleFigures(study), width),
    `each rule alone on ${study.reference.variant}, seed ${study.seed}`,
    "",
  ].join("\n");
}
