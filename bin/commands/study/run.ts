import { type SavedEvent, savedEvent } from "../../../sim/trace/event.ts";
import { type Hears, hearsAll, type Listener, type TaskInfo } from "../../../sim/trace/trace.ts";
import { eventText, eventTextHead } from "../../../reports/text/experiments/event-text.ts";
import { renderRun } from "../../../reports/text/run-text.ts";
import { parseDuration, UnitError } from "../../../scenarios/units.ts";
import type { VariantOutcome } from "../../../reports/documents/outcome.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import type { Budget } from "../../../sim/study/budget.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import { openJournal } from "../../study/journal.ts";
import { parseJobs } from "../../study/pool.ts";
import { parsePrecision, sample, seedsForPrecision } from "../../study/precision.ts";
import { isStopped, outcomesOf, replicate } from "../../study/replications.ts";
import { commandText } from "../../cli/reproduce.ts";
import { resultFolder, resultText } from "../../files/result-files.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import type { SimulationOptions } from "../../cli/arguments/simulation-options.ts";
import type { Streams } from "../../cli/streams.ts";
import { writeStudy } from "../../files/study-files.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { parseWarmUp, warmUp, warmUpArguments } from "../../study/warm-up.ts";
import { parseWindow } from "../../study/windows.ts";

/** What `run` was asked, beside what it has in common with `compare`. Times as the user wrote them. */
export interface RunCommandOptions extends SimulationOptions {
  readonly events: boolean;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly task: string | undefined;
  readonly mm: string | undefined;
  readonly invariants: boolean;
}

/** Characters of event text that are collected before they are printed. */
const chunk = 1 << 16;

/**
 * Simulates one variant; prints the report, the result document, or the events. Returns exit code 0, or 4 when the simulation
 * ended in a deadlock, an orphaned lock or too many events.
 *
 * @throws UsageError, EnvironmentError before anything is simulated.
 */
export async function run(options: RunCommandOptions, streams: Streams): Promise<number> {
  const { scenario, budgets } = scenarioArgument(options.scenario, options.set);
  const variant = oneVariant(options.variants ?? (scenario.variants[0] as string));
  const precision = parsePrecision(options.precision, options.seed);
  const seeds = parseSeeds(options.seed, options.seeds, precision === null ? 1 : seedsForPrecision);
  const printer = options.events ? new EventPrinter(options, Object.keys(scenario.mms), streams) : null;
  if (printer !== null && seeds.length > 1) throw new UsageError("--events prints one run: give one seed");
  const jobs = parseJobs(options.jobs);
  const stretch = parseWindow(options.window, scenario);
  const isPlain = printer === null && !options.invariants;
  if (!isPlain && precision !== null) throw new UsageError("--precision does not go with --events and --invariants");
  const asked = parseWarmUp(options.warmup, scenario);
  const folder = resultFolder(options.out, scenario);

  const variants = [variant];
  const from_ns = await warmUp(asked, scenario, variants, seeds, streams);
  const reproduced = (of: readonly string[]): string =>
    commandText("run", options, [variant.name], of, warmUpArguments(asked, scenario, from_ns));
  const study = { scenario, budgets, variants: [variant.name], seeds, from_ns, reproduce: reproduced(seeds) };
  const journal = isPlain ? openJournal(folder, study, streams) : null;
  const sampling = { scenario, variants, seeds, from_ns, jobs, journal, precision, statistics: budgets };
  const outcome = isPlain
    ? outcomesOf(variants, await sample(sampling, streams), budgets)[0]
    : watched(scenario, budgets, variant, seeds, from_ns, printer, options, streams);
  const complete = interruption.code === null;
  const reproduce = reproduced(complete ? outcome.seeds : seeds);
  printer?.flush();
  const made = { scenario, budgets, complete, reproduce };
  if (options.format === "json") streams.out(resultText(made, outcome));
  else if (printer === null) streams.out(renderRun(scenario, outcome, streams.columns));
  if (folder !== null) {
    const paths = await writeStudy(folder, made, [{ variant, outcome, prefix: "" }], stretch);
    if (!streams.quiet) for (const path of paths) streams.err(`wrote ${path}\n`);
    if (complete) journal?.remove();
  }
  if (interruption.code !== null) return interruption.code;
  return isStopped(outcome) ? exitCodes.stopped : exitCodes.ok;
}

/** Runs in this thread, where the events can be printed and the invariants checked. */
function watched(
  scenario: Scenario,
  budgets: readonly Budget[],
  variant: Variant,
  seeds: readonly string[],
  from_ns: number,
  printer: EventPrinter | null,
  options: RunCommandOptions,
  streams: Streams,
): VariantOutcome {
  const listeners = printer === null ? [] : [printer];
  const progress = (seed: string): void => streams.progress(`${variant.name} seed ${seed}`);
  const { invariants } = options;
  const outcome = replicate(
    scenario,
    variant,
    seeds,
    listeners,
    { checkInvariants: invariants },
    progress,
    from_ns,
    budgets,
  );
  streams.progress("");
  return outcome;
}

function oneVariant(text: string): Variant {
  const [variant, second] = parseVariants([text]);
  if (variant === undefined || second !== undefined) {
    throw new UsageError(`run simulates one variant, "${text}" are several: use compare`);
  }
  return variant;
}

/** Prints the events that pass the filters. */
class EventPrinter implements Listener {
  readonly hears: Hears = hearsAll((e, tasks) => this.event(savedEvent(e), tasks));
  private readonly streams: Streams;
  private readonly from: number;
  private readonly to: number;
  private readonly task: string | undefined;
  private readonly mm: string | undefined;
  private text = "";

  constructor(options: RunCommandOptions, mms: readonly string[], streams: Streams) {
    if (options.format === "json") throw new UsageError("--events prints text: it does not go with --format json");
    if (options.mm !== undefined && !mms.includes(options.mm)) {
      throw new UsageError(`--mm: no mm "${options.mm}": one of ${mms.join(", ")}`);
    }
    this.streams = streams;
    this.from = time("--from", options.from) ?? 0;
    this.to = time("--to", options.to) ?? Number.POSITIVE_INFINITY;
    this.task = options.task;
    this.mm = options.mm;
    this.text = `${eventTextHead(mms)}\n`;
  }

  private event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    if (e.time < this.from || e.time > this.to) return;
    if (this.task !== undefined && tasks[e.task]?.comm !== this.task) return;
    if (this.mm !== undefined && e.mm !== this.mm) return;
    this.text += `${eventText(e, tasks)}\n`;
    if (this.text.length > chunk) this.flush();
  }

  flush(): void {
    this.streams.out(this.text);
    this.text = "";
  }
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
