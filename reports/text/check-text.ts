import {
  type CheckDocument,
  type CheckRow,
  culpritText,
  exceededText,
  intervalText,
  observedText,
} from "../documents/check.ts";
import { shortName } from "../documents/comparison/difference-words.ts";
import { formatDuration } from "../words/format-duration.ts";
import { samplingNotes } from "../words/sampling.ts";
import { type Column, tableWidth, textTable } from "../words/text-table.ts";
import { isStopped } from "../../sim/study/outcome/ending.ts";
import { wrap } from "../words/sentences.ts";

/** The sign of a status. Meaning is never told by colour alone. */
const checkSigns: Readonly<Record<CheckRow["status"], string>> = {
  pass: "✓",
  fail: "✗",
  inconclusive: "?",
  waived: "~",
  off: "-",
};

/** The table of a check. @param name what a metric is called. @param interval the head of the interval. */
export const checkColumns = (name: (metric: string) => string, interval: string): readonly Column<CheckRow>[] => [
  { head: " ", rank: 0, align: "left", cell: ({ status }) => checkSigns[status] },
  { head: "metric", rank: 0, align: "left", cell: ({ metric }) => name(metric) },
  {
    head: "budget",
    rank: 0,
    align: "left",
    cell: ({ assert, level }) => (level === "warn" ? `${assert} (warn)` : assert),
  },
  {
    head: "observed",
    rank: 0,
    align: "right",
    cell: observedText,
  },
  { head: interval, rank: 0, align: "left", cell: intervalText },
];

/** A check for a terminal. Ends with a newline. */
export function checkText(document: CheckDocument, width: number): string {
  const { scenario, variant, seeds, ending, findings, rows, tests, reproduce } = document;
  const first = [
    ...(document.complete ? [] : [`interrupted: only ${seeds.length} replications so far`]),
    ...(isStopped(document) ? [`${variant} ended by ${ending}`] : []),
  ];
  const lines = [
    ...first.flatMap((text) => wrap(text, width, "")),
    ...wrap(
      `${scenario} as ${variant}: ${seeds.length} replications, warm-up ${formatDuration(document.warm_up_ns)}, ending ${ending}`,
      width,
      "",
    ),
    ...samplingNotes(document)
      .slice(1)
      .flatMap((note) => wrap(`  ${note}`, width, "    ")),
    ...findings.flatMap((finding) => wrap(`  ${finding}`, width, "    ")),
    "",
    rows.length === 0 ? "no budget was judged: there is none" : budgetTable(rows, width),
    "",
    ...rows.flatMap((row) => notes(row, width)),
    ...wrap(
      `${tests === 0 ? "" : `intervals over replications; failures corrected by Holm for ${tests} ${tests === 1 ? "test" : "tests"}. `}reproduce: ${reproduce}`,
      width,
      "",
    ),
    "",
  ];
  return lines.join("\n");
}

/** By whole keys, or where they have no room by short names, so that no column has to be left out. */
function budgetTable(rows: readonly CheckRow[], width: number): string {
  const whole = checkColumns((metric) => metric, "interval");
  return textTable(tableWidth(whole, rows) <= width ? whole : checkColumns(shortName, "interval"), rows, width);
}

function notes(row: CheckRow, width: number): string[] {
  const observed = row.interval === null ? "" : `observed ${observedText(row)} ${intervalText(row)}`;
  const facts = [observed, exceededText(row), culpritText(row), row.reason ?? "", row.where];
  if (row.status === "pass" || row.status === "off") return [];
  return wrap(
    `${checkSigns[row.status]} ${row.metric} ${row.assert}: ${facts.filter((fact) => fact !== "").join("; ")}`,
    width,
    "    ",
  );
}
