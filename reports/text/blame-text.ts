import { blameBy, blameRows, type BlameGroup, blameSentence, holderText } from "../documents/blame.ts";
import { formatDuration } from "../words/format-duration.ts";
import { type Column, textTable } from "../words/text-table.ts";
import type { Metrics } from "../../sim/measure/metrics/metrics.ts";
import { percent } from "../words/shares.ts";
import { wrap } from "../words/sentences.ts";

/** Lines of a table, the rest is said in one. */
const most = 8;

const columns: readonly Column<BlameGroup>[] = [
  { head: "share", rank: 0, align: "right", cell: ({ share }) => percent(share) },
  { head: "waittime", rank: 0, align: "right", cell: ({ sum_ns }) => formatDuration(sum_ns) },
  { head: "longest", rank: 1, align: "right", cell: ({ max_ns }) => (max_ns === 0 ? "" : formatDuration(max_ns)) },
  { head: "charged to", rank: 0, align: "left", cell: ({ what }) => what },
];

/**
 * Who made the tasks wait, for a terminal of `width` columns: for readers and for writers a sentence, and a table of holders and what
 * they were doing, most time first. Empty when nobody waited. No newline at the end.
 */
export function blameText(metrics: Metrics, width: number): string {
  const rows = blameRows(metrics.totals);
  if (rows.length === 0) return "";
  const blocks = (["R", "W"] as const).flatMap((mode) => {
    const own = rows.filter(({ waiter }) => waiter.mode === mode);
    const sentence = wrap(blameSentence(rows, mode), width, "");
    if (own.length === 0) return sentence;
    const groups = blameBy(own, holderText);
    const rest = groups.slice(most);
    const shown = groups.slice(0, most);
    if (rest.length > 0) {
      const share = rest.reduce((sum, group) => sum + group.share, 0);
      const sum_ns = rest.reduce((sum, group) => sum + group.sum_ns, 0);
      shown.push({ what: `${rest.length} others`, sum_ns, max_ns: 0, share });
    }
    return [...sentence, textTable(columns, shown, width), ""];
  });
  return blocks.join("\n").trimEnd();
}
