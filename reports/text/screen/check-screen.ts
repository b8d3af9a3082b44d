/** A check on one screen: whether it passes, by what it fails and why, and the budgets, the worst first. */
import { isStopped } from "../../../sim/study/outcome/ending.ts";
import {
  type CheckDocument,
  type CheckRow,
  culpritText,
  exceededText,
  intervalText,
  observedText,
} from "../../documents/check.ts";
import { shortName } from "../../documents/comparison/difference-words.ts";
import { formatDuration } from "../../words/format-duration.ts";
import { plural } from "../../words/sentences.ts";
import { textTable } from "../../words/text-table.ts";
import { checkColumns } from "../check-text.ts";
import { lastLine } from "./last-line.ts";
import type { Paint } from "./paint.ts";
import { screenText } from "./screen.ts";

const columns = checkColumns(shortName, "95 %");

/** What is bad first. */
const order: readonly CheckRow["status"][] = ["fail", "inconclusive", "waived", "pass", "off"];

/** How a check is shown. @see StudyView */
export interface CheckView {
  readonly width: number;
  readonly paint: Paint;
  /** What the machine of the scenario is not, and which of its costs nobody measured. */
  readonly doubts: readonly string[];
}

/** The check for a terminal. Ends with a newline. */
export function checkScreen(document: CheckDocument, { width, paint, doubts }: CheckView): string {
  const { scenario, variant, seeds, ending, findings, rows, tests, complete } = document;
  const [finding] = findings;
  const sorted = rows.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return screenText(
    {
      alarms: [
        ...(complete ? [] : [`interrupted: only ${plural(seeds.length, "replication")} so far`]),
        ...(isStopped(document) ? [`${variant} ended by ${ending}${finding === undefined ? "" : `: ${finding}`}`] : []),
      ],
      question: `${scenario} as ${variant}: are its budgets met?`,
      answer: answer(rows, sorted),
      table: (height) => table(sorted, width, height),
      legend: `${plural(seeds.length, "seed")}, each budget taken in every seed; ${tests === 0 ? "" : `failures corrected by Holm for ${plural(tests, "test")}; `}✓ met, ✗ exceeded, ? cannot be said, ~ waived, - off`,
      distrust: [
        ...doubts,
        ...(document.warm_up_ns === 0 ? [] : [`after a warm-up of ${formatDuration(document.warm_up_ns)}`]),
      ],
      last: lastLine({ page: null, options: [] }),
    },
    width,
    paint,
  );
}

function answer(rows: readonly CheckRow[], [worst]: readonly CheckRow[]): string {
  if (worst === undefined) return "no budget was judged: there is none";
  const number = (status: CheckRow["status"]): number => rows.filter((row) => row.status === status).length;
  const [failed, open] = [number("fail"), number("inconclusive")];
  const of = plural(rows.length, "budget");
  if (failed + open === 0) return `✓ passes: ${rows.length === 1 ? "its budget is" : `all of ${of} are`} met`;
  const says = `${shortName(worst.metric)} ${worst.assert}`;
  const why = worst.status === "fail" ? [exceededText(worst), culpritText(worst)] : [worst.reason ?? ""];
  const observed = worst.interval === null ? "" : `observed ${observedText(worst)} ${intervalText(worst)}`;
  const facts = [observed, ...why].filter((fact) => fact !== "");
  if (failed === 0) return `? inconclusive: ${open} of ${of}; ${says}: ${facts.join(", ")}`;
  const others = open === 0 ? "" : `, ${open} inconclusive`;
  return `✗ fails: ${failed} of ${of} exceeded${others}; ${says}: ${facts.join(", ")}`;
}

/** As many rows as there is room for; how many are left out is told. */
function table(rows: readonly CheckRow[], width: number, height: number): string {
  if (rows.length === 0) return "";
  const room = Math.max(1, height - 1);
  if (rows.length <= room) return textTable(columns, rows, width);
  const shown = rows.slice(0, Math.max(1, room - 1));
  return `${textTable(columns, shown, width)}\nand ${rows.length - shown.length} more`;
}
