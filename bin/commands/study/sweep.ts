import { type SweepRow, csvHead, csvRow, defaultColumns, sweepRow } from "../../../reports/files/sweep.ts";
import { scenarioDoubts } from "../../../reports/text/screen/distrust.ts";
import { sweepMarkdown, sweepScreen } from "../../../reports/text/screen/sweep-screen.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import { columnName, type Statistic } from "../../../sim/study/statistic.ts";
import { type PointFound, points } from "../../../sim/study/plan/grid.ts";
import { isWhole } from "../../../sim/study/plan/plan.ts";
import { gridOptions, gridPoints, gridPositionals } from "../../cli/arguments/grid.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { parseColumn } from "../../cli/arguments/metric-option.ts";
import { studyFormatNames } from "../../cli/arguments/view-options.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import { UsageError, exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import type { Streams } from "../../cli/streams.ts";
import { OutputFolder } from "../../files/files.ts";
import { checkSlope, writeSlopes } from "../../files/slopes.ts";
import { carryOut } from "../../study/carry-out.ts";
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
  const { paths, cells, list, asked } = gridPoints(options);
  if (paths.length === 0) throw new UsageError("sweep needs a grid: --grid tasks.vcpus.count=2,4,8");
  const scenario = cells[0]?.scenario;
  const metrics = options.metric.length === 0 ? (scenario?.sweep?.metrics ?? []) : options.metric;
  const columns = metrics.length === 0 ? defaultColumns : metrics.map(parseColumn);
  const seeds = parseSeeds(options.seed, options.seeds, 1);
  const jobs = parseJobs(options.jobs);
  const [path = ""] = paths;
  const values = cells.map(({ cell }) => cell[path] ?? "");
  if (options.out !== undefined) checkSlope(paths, values, columns);
  const folder = options.out === undefined ? null : new OutputFolder(options.out);
  const contexts = cells.map((cell) => ({ scenario: cell.scenario, from_ns: 0 }));
  const journal = openJournal(folder, contexts, null, streams);

  if (options.format === "csv") streams.out(`${csvHead(paths, columns)}\n`);
  const print = ({ made: row }: PointFound<SweepRow>): void => {
    if (options.format === "csv") streams.out(`${csvRow(row)}\n`);
    if (options.format === "ndjson") streams.out(`${JSON.stringify(row)}\n`);
  };
  const plan = points(list, seeds, (outcome, i, results) => sweepRow(list[i]?.cell ?? {}, outcome, results, columns));
  const found = await withWorkers(jobs, (workers) =>
    carryOut(plan, { workers, journal, streams, asked }, (one) => print(one as PointFound<SweepRow>)),
  );

  const finished = found.flatMap((one) => one?.made ?? []);
  printSweep(finished, { scenario, columns, complete: isWhole(found), options }, streams);
  if (!isWhole(found)) return interruption.code ?? exitCodes.ok;
  const rows = found.map(({ made }) => made);
  const written = folder === null ? [] : await writeSlopes(folder, scenario?.name ?? "", columns, rows);
  if (!streams.quiet) for (const file of written) streams.err(`wrote ${file}\n`);
  journal?.remove();
  return found.some((one) => one.isUnexpected) ? exitCodes.stopped : exitCodes.ok;
}

/** What is printed when all is done, in the formats that are of all rows together. */
function printSweep(
  rows: readonly SweepRow[],
  study: {
    readonly scenario: Scenario | undefined;
    readonly columns: readonly Statistic[];
    readonly complete: boolean;
    readonly options: SweepOptions;
  },
  streams: Streams,
): void {
  const { scenario, columns, complete, options } = study;
  if (scenario === undefined) return;
  const { name, question } = scenario;
  if (options.format === "json") {
    const document = { schema: "gupsim/sweep/v1", complete, scenario: name, columns: columns.map(columnName), rows };
    streams.out(`${JSON.stringify(document, null, 1)}\n`);
  }
  if (options.format === "md") streams.out(sweepMarkdown(rows, { scenario: name, question, columns, complete }));
  if (options.format !== "text") return;
  const { columns: width, paint } = streams;
  const doubts = scenarioDoubts(scenario);
  streams.out(
    sweepScreen(rows, { scenario: name, question, columns, complete, doubts, width, paint, full: options.full }),
  );
}
