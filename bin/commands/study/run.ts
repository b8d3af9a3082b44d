import { reportData } from "../../../reports/documents/report-data.ts";
import { UnitError, parseDuration } from "../../../scenarios/units.ts";
import { isStopped } from "../../../sim/study/outcome/ending.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { simulationOptions, simulationPositionals, windowOption } from "../../cli/arguments/simulation-options.ts";
import { viewOptions } from "../../cli/arguments/view-options.ts";
import { UsageError, exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import type { Streams } from "../../cli/streams.ts";
import { printStudy, studyFormatOption } from "../../files/print-study.ts";
import { resultDocumentOf, resultFolder, resultText } from "../../files/result-files.ts";
import { runStudy, runWanted, writeRun } from "../../study/documents/run-study.ts";
import { EventPrinter } from "../../study/events.ts";
import { type Wanted, meansOf } from "../../study/simulate.ts";
import { watchedWorkers } from "../../study/watched.ts";
import { parseWindow } from "../../study/windows.ts";
import { type Workers, withWorkers } from "../../study/workers.ts";
import { type Values, flag, value } from "../../cli/options.ts";
import { command } from "../../cli/command.ts";

const declared = {
  ...simulationOptions,
  ...viewOptions,
  format: studyFormatOption,
  window: windowOption,
  events: flag("print the events, as ftrace does: a line is the kernel's own, and may be wider than the terminal"),
  from: value("with --events: from this simulated time (10ms)"),
  to: value("with --events: up to this simulated time"),
  task: value("with --events: only this task (comm)"),
  mm: value("with --events: only events of this mm"),
  invariants: flag("check the model after each step"),
};

type RunCommandOptions = Values<typeof simulationPositionals & typeof declared>;

export default command({ positionals: simulationPositionals, options: declared, run });

/**
 * Simulates one variant; prints the report, the result document, or the events. Returns exit code 0, 4 when the simulation
 * ended in a deadlock, an orphaned lock or too many events, 130 or 143 after a signal.
 *
 * @throws UsageError, EnvironmentError before anything is simulated.
 */
async function run(options: RunCommandOptions, streams: Streams): Promise<number> {
  const wanted = runWanted(options);
  const { scenario } = wanted;
  const printer = printerOf(options, wanted, streams);
  const jobs = parseJobs(options.jobs);
  const stretch = parseWindow(options.window, scenario);
  const folder = resultFolder(options.out, scenario);
  const isWatched = printer !== null || options.invariants;

  const body = async (workers: Workers): Promise<number> => {
    const study = await runStudy(wanted, isWatched ? null : folder, meansOf(options, workers, streams));
    if (study === null) return interruption.code ?? exitCodes.ok;
    const { outcome, made } = study;
    const { complete } = made;
    const asked = { complete, seedsAsked: wanted.seeds.length, resumes: folder !== null };
    const paths = folder === null ? [] : await writeRun(folder, study, stretch);
    const data = reportData(
      resultDocumentOf(made, outcome),
      [{ outcome, window: null }],
      null,
      [],
      wanted.seeds.length,
    );
    const json = (): string => resultText(made, outcome);
    if (printer === null) await printStudy(data, asked, options, paths, json, streams);
    if (interruption.code !== null) return interruption.code;
    return isStopped(outcome) ? exitCodes.stopped : exitCodes.ok;
  };
  return isWatched ? body(watchedWorkers(printer, options.invariants)) : withWorkers(jobs, body);
}

/** Prints the events, if they are asked for. @throws UsageError for what does not go together. */
function printerOf(options: RunCommandOptions, wanted: Wanted, streams: Streams): EventPrinter | null {
  const { precision, seeds, scenario } = wanted;
  if ((options.events || options.invariants) && precision !== null)
    throw new UsageError("--precision does not go with --events and --invariants");
  if (!options.events) return null;
  const mms = Object.keys(scenario.mms);
  const { mm, task } = options;
  if (options.format !== "text")
    throw new UsageError(`--events prints text: it does not go with --format ${options.format}`);
  if (mm !== undefined && !mms.includes(mm)) throw new UsageError(`--mm: no mm "${mm}": one of ${mms.join(", ")}`);
  if (seeds.length > 1) throw new UsageError("--events prints one run: give one seed");
  const from = time("--from", options.from) ?? 0;
  const to = time("--to", options.to) ?? Number.POSITIVE_INFINITY;
  return new EventPrinter({ from, to, task, mm }, mms, streams);
}

function time(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`${flag}: ${error.message}`);
    throw error;
  }
}
