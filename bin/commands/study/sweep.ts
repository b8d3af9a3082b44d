import { documentText } from "../../../reports/documents/document-text.ts";
import type { SweepDocument } from "../../../reports/documents/sweep.ts";
import { type SweepRow, csvHead, csvRow } from "../../../reports/files/sweep.ts";
import { scenarioDoubts } from "../../../reports/text/screen/distrust.ts";
import { sweepMarkdown, sweepScreen } from "../../../reports/text/screen/sweep-screen.ts";
import { gridOptions, gridPositionals } from "../../cli/arguments/grid.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { studyFormatNames } from "../../cli/arguments/view-options.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import type { Streams } from "../../cli/streams.ts";
import { OutputFolder } from "../../files/files.ts";
import { checkSlope, writeSlopes } from "../../files/slopes.ts";
import { type SweepWanted, sweepStudy, sweepWanted } from "../../study/documents/sweep-study.ts";
import { openJournal } from "../../study/journal.ts";
import { withWorkers } from "../../study/workers.ts";
import { command } from "../../cli/command.ts";
import { type Values, flag, formatOption, value, values } from "../../cli/options.ts";

const declared = {
  ...gridOptions,
  metric: values("METRIC:STAT, for example 'mmap_sem.wait{mode=R}:p99'; repeat for more columns"),
  out: value("folder for a picture of each time against the one swept"),
  full: flag("every cell, however many"),
  format: formatOption(...studyFormatNames),
};

type SweepOptions = Values<typeof gridPositionals & typeof declared>;

export default command({ positionals: gridPositionals, options: declared, run: sweep });

/**
 * Runs each cell of a grid of scenario values (the scenario's own when none is given), each variant in it, and prints a ranked table; as
 * CSV and ndjson a row of each as soon as it is there. Every cell's scenario is checked before the first is simulated. With a folder it draws each column too, and what is
 * finished when it is interrupted is not run again. Returns exit code 0, 4 when a variant stopped in a way that the scenario does not
 * announce, 130 or 143 after a signal.
 *
 * @throws UsageError for a grid, metric, variant or value that is none, and when a picture is asked for of what cannot be drawn;
 * EnvironmentError when the folder cannot be written.
 */
async function sweep(options: SweepOptions, streams: Streams): Promise<number> {
  const jobs = parseJobs(options.jobs);
  const wanted = sweepWanted(options);
  const { paths, cells, columns, asked } = wanted;
  const [path = ""] = paths;
  const values = cells.map(({ cell }) => cell[path] ?? "");
  if (options.out !== undefined) checkSlope(paths, values, columns);
  const folder = options.out === undefined ? null : new OutputFolder(options.out);
  const contexts = cells.map((cell) => ({ scenario: cell.scenario, from_ns: 0 }));
  const journal = openJournal(folder, contexts, null, streams);

  if (options.format === "csv") streams.out(`${csvHead(paths, columns)}\n`);
  const print = (row: SweepRow): void => {
    if (options.format === "csv") streams.out(`${csvRow(row)}\n`);
    if (options.format === "ndjson") streams.out(`${JSON.stringify(row)}\n`);
  };
  const { document, isUnexpected } = await withWorkers(jobs, (workers) =>
    sweepStudy(wanted, { workers, journal, streams, asked }, print),
  );
  printSweep(document, wanted, options, streams);

  const { complete, rows, scenario } = document;
  if (!complete) return interruption.code ?? exitCodes.ok;
  const written = folder === null ? [] : await writeSlopes(folder, scenario, columns, rows);
  if (!streams.quiet) for (const file of written) streams.err(`wrote ${file}\n`);
  journal?.remove();
  return isUnexpected ? exitCodes.stopped : exitCodes.ok;
}

/** What is printed when all is done, in the formats that are of all rows together. */
function printSweep(document: SweepDocument, wanted: SweepWanted, options: SweepOptions, streams: Streams): void {
  const scenario = wanted.cells[0]?.scenario;
  if (scenario === undefined) return;
  const { rows, complete } = document;
  const { columns } = wanted;
  const { name, question } = scenario;
  if (options.format === "json") streams.out(documentText(document));
  if (options.format === "md") streams.out(sweepMarkdown(rows, { scenario: name, question, columns, complete }));
  if (options.format !== "text") return;
  const { columns: width, paint } = streams;
  const doubts = scenarioDoubts(scenario);
  streams.out(
    sweepScreen(rows, { scenario: name, question, columns, complete, doubts, width, paint, full: options.full }),
  );
}
