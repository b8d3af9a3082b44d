import { samplesWhere } from "../../sim/measure/metrics/metrics.ts";
import { formatDuration } from "../words/format-duration.ts";
import type { VariantOutcome } from "../documents/outcome.ts";
import { type Column, textTable } from "../words/text-table.ts";

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

/** What a study comes to: the figures of the reference, of one rule a row, and of all rules together. */
export interface RuleSummary {
  readonly candidate: string;
  readonly seed: string;
  readonly figures: readonly RuleFigures[];
}

/** The summary of a study. */
export function ruleSummary({ candidate, seed, reference, complete, rules }: RuleStudy): RuleSummary {
  const alone = rules.map(({ axis, from, to, outcome }) => figures(`${axis}: ${from} -> ${to}`, outcome));
  return {
    candidate,
    seed,
    figures: [figures(reference.variant, reference), ...alone, figures(`all: ${candidate}`, complete)],
  };
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
export function ruleStudyText({ candidate, seed, figures: rows }: RuleSummary, width: number): string {
  const title = `which rules of ${candidate} make the difference`;
  return [
    `== ${title} ${"=".repeat(Math.max(0, width - title.length - 4))}`,
    textTable(columns, rows, width),
    `each rule alone on ${rows[0]?.rule}, seed ${seed}`,
    "",
  ].join("\n");
}
