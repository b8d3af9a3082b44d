/**
 * gupsim as a library: the studies of the command line, with its defaults and its documents, byte for byte. Nothing is printed, no process
 * is ended, and files are written only where a folder is given. Works in a worker thread.
 */
import type { CheckDocument } from "./reports/documents/check.ts";
import type { CompareDocument } from "./reports/documents/compare.ts";
import { documentText } from "./reports/documents/document-text.ts";
import type { ResultDocument } from "./reports/documents/result.ts";
import type { SweepDocument } from "./reports/documents/sweep.ts";
import { budgetsOfList, type LoadedScenario, loadScenario as load } from "./scenarios/load.ts";
import { ScenarioError } from "./scenarios/problem.ts";
import { parseJobs } from "./bin/cli/arguments/jobs.ts";
import { scenarioArgument } from "./bin/cli/arguments/scenario-argument.ts";
import { EnvironmentError, UsageError } from "./bin/cli/exit-codes.ts";
import { OutputFolder } from "./bin/files/files.ts";
import { resultDocumentOf } from "./bin/files/result-files.ts";
import { checkSlope, writeSlopes } from "./bin/files/slopes.ts";
import type { Means } from "./bin/study/carry-out.ts";
import type { StudyProgress } from "./bin/study/documents/study-progress.ts";
import { checkStudy, checkWanted, writeCheck } from "./bin/study/documents/check-study.ts";
import { compareStudy, compareWanted, writeCompare } from "./bin/study/documents/compare-study.ts";
import { runStudy, runWanted, writeRun } from "./bin/study/documents/run-study.ts";
import { sweepStudy, sweepWanted } from "./bin/study/documents/sweep-study.ts";
import { openJournal } from "./bin/study/journal.ts";
import { type AskedScenario, ModelBug } from "./bin/study/model-bug.ts";
import { stopOf, withWorkers } from "./bin/study/workers.ts";

export type { CheckDocument, CompareDocument, LoadedScenario, ResultDocument, StudyProgress, SweepDocument };
export { documentText, EnvironmentError, ModelBug, ScenarioError, UsageError };

/** What all studies take. A scenario is the name of a bundled one, a file, or what {@link loadScenario} returned. */
export interface StudyOptions {
  /** Changes of the scenario, `PATH=VALUE`, as `--set` takes them; not together with a loaded scenario, which has its own. */
  readonly set?: readonly string[];
  /** A number of seeds, "1" to "N", or the seeds themselves. */
  readonly seeds?: number | readonly string[];
  /** Replications at once, each on a thread; 1, the default, is this thread. */
  readonly jobs?: number;
  /** Hears how far the study is, after each replication. */
  readonly onProgress?: (progress: StudyProgress) => void;
  /** Ends the study: the promise is rejected with the signal's reason. In the folder `out`, the same study goes on where it ended. */
  readonly signal?: AbortSignal;
  /** A folder for the files that the command leaves; none are written without it. */
  readonly out?: string;
}

/** What {@link run}, {@link compare} and {@link check} take. */
export interface SimulationOptions extends StudyOptions {
  /** Half the width that intervals may have against their values, 0.05 for 5 %: seeds are added until they are as narrow. */
  readonly precision?: number;
  /** What is left out at the beginning of each replication, ns; by MSER-5 for a steady scenario when absent, nothing of a terminating one. */
  readonly warmUp?: number;
}

/** What {@link run} takes. */
export interface RunOptions extends SimulationOptions {
  /** A kernel, `PRESET(+AXIS=VALUE)*`; the scenario's first when absent. */
  readonly variant?: string;
}

/** What {@link compare} takes. */
export interface CompareOptions extends SimulationOptions {
  /** Kernels, the reference first; the scenario's own when absent. */
  readonly variants?: readonly string[];
}

/** A budget: a metric of the scenario, and what must hold of it: `{ metric: "mmap_sem.wait{mode=R}", assert: "p99 <= 1ms" }`. */
export interface BudgetEntry {
  readonly metric: string;
  readonly assert: string;
  readonly level?: "off" | "warn" | "error";
}

/** What {@link check} takes. */
export interface CheckOptions extends SimulationOptions {
  /** The kernel that is judged; the scenario's last when absent. */
  readonly variant?: string;
  /** A file of budgets, or budgets; the scenario's own when absent. */
  readonly budgets?: string | readonly BudgetEntry[];
  /** A file that `check --save-baseline` wrote, to hold it against. */
  readonly baseline?: string;
}

/** What {@link sweep} takes. */
export interface SweepOptions extends StudyOptions {
  /** The values of each path, each as it is written in a scenario: `{ "tasks.vcpus.count": ["2", "4"] }`; the scenario's own when absent. */
  readonly grid?: Readonly<Record<string, readonly (string | number)[]>>;
  /** Kernels; the scenario's own when absent. */
  readonly variants?: readonly string[];
  /** The columns, `METRIC:STAT`; the scenario's own when absent. */
  readonly metrics?: readonly string[];
}

/**
 * Loads a scenario by the name of a bundled one or by its file, with changes of the form `PATH=VALUE`.
 *
 * @throws ScenarioError with all problems of the file and of the changes.
 */
export function loadScenario(nameOrFile: string, set: readonly string[] = []): LoadedScenario {
  return load(nameOrFile, set);
}

/**
 * Simulates one variant of a scenario, with one seed unless more are asked for. The document is that of `gupsim run --format json`.
 *
 * @throws UsageError for what does not exist or cannot be; EnvironmentError; ModelBug; the reason of `signal`.
 */
export async function run(scenario: string | LoadedScenario, options: RunOptions = {}): Promise<ResultDocument> {
  const loaded = loadedOf(scenario, options);
  const wanted = runWanted(asTyped(loaded.asked, options, options.variant), loaded);
  const folder = folderOf(options);
  return await carried(loaded.asked, options, async (means) => {
    const study = await runStudy(wanted, folder, means);
    if (study === null || !study.made.complete) return null;
    if (folder !== null) await writeRun(folder, study, null);
    return resultDocumentOf(study.made, study.outcome);
  });
}

/**
 * Runs several variants of a scenario on the same seeds, five unless others are asked for, and compares each with the first. The document
 * is that of `gupsim compare --format json`.
 *
 * @throws UsageError for what does not exist or cannot be; EnvironmentError; ModelBug; the reason of `signal`.
 */
export async function compare(
  scenario: string | LoadedScenario,
  options: CompareOptions = {},
): Promise<CompareDocument> {
  const loaded = loadedOf(scenario, options);
  const wanted = compareWanted(asTyped(loaded.asked, options, options.variants?.join(",")), loaded);
  const folder = folderOf(options);
  return await carried(loaded.asked, options, async (means) => {
    const study = await compareStudy(wanted, folder, means);
    if (study === null || !study.document.complete) return null;
    if (folder !== null) await writeCompare(folder, study, null);
    return study.document;
  });
}

/**
 * Holds one variant of a scenario against budgets, over ten seeds unless others are asked for. The document is that of `gupsim check
 * --format json`; `passed` says whether all are met. Its `reproduce` reads budgets that stand in no file from standard input.
 *
 * @throws UsageError for what does not exist or cannot be; ScenarioError for budgets; EnvironmentError; ModelBug; the reason of `signal`.
 */
export async function check(scenario: string | LoadedScenario, options: CheckOptions = {}): Promise<CheckDocument> {
  const loaded = loadedOf(scenario, options);
  const { budgets, baseline, variant } = options;
  const given = typeof budgets === "object" ? budgetsOfList(budgets, loaded.scenario) : null;
  const budget = typeof budgets === "string" ? budgets : undefined;
  const typed = { ...asTyped(loaded.asked, options, variant), budget, baseline, saveBaseline: undefined };
  const wanted = checkWanted(typed, loaded, given);
  const folder = folderOf(options);
  return await carried(loaded.asked, options, async (means) => {
    const study = await checkStudy(wanted, folder, means);
    if (study === null || !study.document.complete) return null;
    if (folder !== null) writeCheck(folder, wanted, study);
    study.done.journal?.remove();
    return study.document;
  });
}

/**
 * Runs each cell of a grid of scenario values, each variant in it, with one seed unless more are asked for. The document is that of `gupsim
 * sweep --format json`. In the folder `out` it leaves a picture of each time against the one swept.
 *
 * @throws UsageError for what does not exist or cannot be; ScenarioError for a value; EnvironmentError; ModelBug; the reason of `signal`.
 */
export async function sweep(scenario: string | LoadedScenario, options: SweepOptions = {}): Promise<SweepDocument> {
  const { asked } = loadedOf(scenario, options);
  const grid = Object.entries(options.grid ?? {}).map(([path, values]) => `${path}=${values.join(",")}`);
  const metric = options.metrics ?? [];
  const wanted = sweepWanted({ ...asked, ...seedsOf(options), grid, metric, variants: options.variants?.join(",") });
  const { paths, cells, columns } = wanted;
  const values = cells.map(({ cell }) => cell[paths[0] ?? ""] ?? "");
  if (options.out !== undefined) checkSlope(paths, values, columns);
  const folder = folderOf(options);
  return await carried(asked, options, async (means) => {
    const contexts = cells.map((cell) => ({ scenario: cell.scenario, from_ns: 0 }));
    const journal = openJournal(folder, contexts, null, silent);
    const { document } = await sweepStudy(wanted, { ...means, journal, asked: wanted.asked });
    if (!document.complete) return null;
    if (folder !== null) await writeSlopes(folder, document.scenario, columns, document.rows);
    journal?.remove();
    return document;
  });
}

/** Carries out what was asked for on as many threads as were, and gives the reason of the signal where there is no whole answer. */
async function carried<T>(
  asked: AskedScenario,
  { jobs, signal, onProgress }: StudyOptions,
  study: (means: Means) => Promise<T | null>,
): Promise<T> {
  signal?.throwIfAborted();
  const threads = parseJobs(jobs === undefined ? undefined : String(jobs));
  const heard = onProgress === undefined ? {} : { heard: onProgress };
  const body = (workers: Means["workers"]): Promise<T | null> =>
    study({ workers, journal: null, streams: silent, asked: () => asked, ...heard });
  const made = await withWorkers(threads, body, stopOf(signal));
  // Only a signal leaves a study without its answer.
  if (made === null) throw signal?.reason;
  return made;
}

const silent = { err: (): void => {}, progress: (): void => {} };

function loadedOf(scenario: string | LoadedScenario, { set }: StudyOptions): LoadedScenario {
  if (typeof scenario === "string") return scenarioArgument(scenario, set ?? []);
  if (set !== undefined) throw new UsageError("set: a loaded scenario has its own changes");
  return scenario;
}

function folderOf({ out }: StudyOptions): OutputFolder | null {
  return out === undefined ? null : new OutputFolder(out);
}

function seedsOf({ seeds }: StudyOptions) {
  if (typeof seeds === "object" && seeds.length === 0) throw new UsageError("seeds: the list is empty");
  if (typeof seeds === "object") return { seed: seeds, seeds: undefined };
  return { seed: [], seeds: seeds === undefined ? undefined : String(seeds) };
}

/** The options as a command line has them. */
function asTyped(asked: AskedScenario, options: SimulationOptions, variants: string | undefined) {
  const { precision, warmUp } = options;
  return {
    ...asked,
    ...seedsOf(options),
    variants,
    jobs: undefined,
    out: undefined,
    precision: precision === undefined ? undefined : `${(100 * precision).toPrecision(12)}%`,
    warmup: warmUp === undefined ? "auto" : warmUp === 0 ? "0" : `${warmUp}ns`,
  };
}
