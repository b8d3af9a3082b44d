import type { RuleFigures, RuleSummary } from "../../sim/study/plan/rules.ts";
import { formatDuration } from "../words/format-duration.ts";
import { type Column, textTable } from "../words/text-table.ts";

const columns: readonly Column<RuleFigures>[] = [
  { head: "rule, alone", rank: 0, align: "left", cell: ({ rule }) => rule },
  { head: "wait-R p99", rank: 0, align: "right", cell: (row) => formatDuration(row.reader_wait_p99_ns) },
  { head: "wait-W p99", rank: 0, align: "right", cell: (row) => formatDuration(row.writer_wait_p99_ns) },
  { head: "hold-R p99", rank: 1, align: "right", cell: (row) => formatDuration(row.reader_hold_p99_ns) },
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
