import { csvLine } from "../../../reports/files/csv-line.ts";
import { type HistoryDocument, historyDocument } from "../../../reports/history/history-document.ts";
import { historyText } from "../../../reports/text/history-text.ts";
import { command } from "../../cli/command.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { formatOption, required } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";
import { readHistory } from "../../study/history/history-file.ts";

/**
 * Prints a history that `check --history` wrote, and where it changed. Nothing is simulated, and a change is no failure: exit code 0.
 *
 * @throws UsageError for a file that is missing, empty or damaged.
 */
export default command({
  positionals: { file: required("what check --history FILE has appended to") },
  options: { format: formatOption("text", "json", "csv") },
  run({ file, format }, { out, columns }) {
    const entries = readHistory(file);
    if (entries === null) throw new UsageError(`history: ${file} does not exist`);
    if (entries.length === 0) throw new UsageError(`history: ${file} is empty`);
    const document = historyDocument(entries);
    out(
      { text: () => historyText(document, columns), json: () => jsonText(document), csv: () => csv(document) }[
        format
      ](),
    );
    return exitCodes.ok;
  },
});

/** A line a value; of those at a change point its probability. Times in ns. */
function csv({ series }: HistoryDocument): string {
  const lines = series.flatMap(({ scenario, variant, statistic, points, changes }) =>
    points.map(({ entry, commit, value }) => {
      const p = changes.find((change) => change.entry === entry)?.p;
      return csvLine([scenario, variant, statistic, String(entry), commit ?? "", String(value), p?.toString() ?? ""]);
    }),
  );
  return `${[csvLine(["scenario", "variant", "statistic", "entry", "commit", "value", "change_p"]), ...lines].join("\n")}\n`;
}
