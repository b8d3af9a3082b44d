import { type WhatIfDocument, whatIfDocument } from "../../../reports/documents/what-if.ts";
import { whatIfCsv, whatIfMarkdown, whatIfNdjson } from "../../../reports/files/what-if.ts";
import { whatIfScreen } from "../../../reports/text/screen/what-if-screen.ts";
import { whatIfText } from "../../../reports/text/what-if-text.ts";
import { patchSites } from "../../../sim/callers/patch-sites.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import type { Cell } from "../../../sim/study/plan/cell.ts";
import { NoSampleError } from "../../../sim/study/plan/conversions.ts";
import { whatIf } from "../../../sim/study/plan/what-if.ts";
import { parseStatistic } from "../../../sim/study/statistic.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { parseColumn } from "../../cli/arguments/metric-option.ts";
import { scenarioArgument, scenarioPositional, setOption } from "../../cli/arguments/scenario-argument.ts";
import { fullOption, studyFormatNames } from "../../cli/arguments/view-options.ts";
import { parseSeeds, seedOptions } from "../../cli/arguments/seeds.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { UsageError, exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import { commandText } from "../../cli/reproduce.ts";
import type { Streams } from "../../cli/streams.ts";
import { carryOut } from "../../study/carry-out.ts";
import { withWorkers } from "../../study/workers.ts";
import { command } from "../../cli/command.ts";
import { type Values, formatOption, value } from "../../cli/options.ts";
import { jobsOption } from "../../cli/arguments/simulation-options.ts";

const positionals = { scenario: scenarioPositional };
const declared = {
  set: setOption,
  ...seedOptions("N: seeds 1 to N"),
  variants: value("one kernel (default: the scenario's last)"),
  jobs: jobsOption,
  metric: value("METRIC:STAT to lower (default: 'mmap_sem.wait{mode=R}:sum_rate', all that readers wait in a second)"),
  speedup: value("how many times faster the IO goes that a site waits for", "2x"),
  full: fullOption,
  format: formatOption(...studyFormatNames),
};

type WhatIfOptions = Values<typeof positionals & typeof declared>;

export default command({ positionals, options: declared, run: whatif });

/** Replications when the user does not say. */
const defaultSeeds = 5;
/** What is lowered when the user does not say: how long all readers together wait in a second. */
const defaultObjective = parseStatistic("mmap_sem.wait{mode=R}", "sum_rate");
/** Most times that an IO can be made faster. */
const maxSpeedup = 1000;

/**
 * Runs one variant of a scenario with each site converted that can be, with each pair of them, with the IO of each faster, and with the
 * sets that an order of conversions passes through; all with the same seeds. Prints what each would change and the order to go in.
 * Returns exit code 0, 4 when a run stopped in a way that the scenario does not announce, 130 or 143 after a signal.
 *
 * @throws UsageError for options that are wrong, before anything is simulated, and for an objective that a run has no value of.
 */
async function whatif(options: WhatIfOptions, streams: Streams): Promise<number> {
  const given = scenarioArgument(options.scenario, options.set).scenario;
  const scenario: Scenario = { ...given, converted: given.converted ?? [] };
  const variant = variantOf(options.variants ?? (scenario.variants.at(-1) as string));
  const seeds = parseSeeds(options.seed, options.seeds, defaultSeeds);
  const objective = options.metric === undefined ? defaultObjective : parseColumn(options.metric);
  const speedup = parseSpeedup(options.speedup);
  const jobs = parseJobs(options.jobs);

  const merged = new Set(patchSites.filter((one) => !one.merged.startsWith("gup")).map(({ site }) => site));
  const plan = whatIf({ scenario, variant, seeds, objective }, merged, speedup);
  const asked = (cell: Cell) => ({ scenario: options.scenario, set: [...options.set, ...changesOf(cell.scenario)] });
  const found = await withWorkers(jobs, (workers) =>
    carryOut(plan, { workers, journal: null, streams, asked }).catch(refuseNoSample),
  );
  if (found === null) return interruption.code ?? exitCodes.ok;

  const more = [...(options.metric === undefined ? [] : ["--metric", options.metric]), "--speedup", options.speedup];
  const reproduce = commandText("whatif", options, [variant.name], seeds, more);
  const document = whatIfDocument(scenario, objective, { variant: variant.name, seeds, speedup, ...found, reproduce });
  streams.out(textOf(scenario, document, options, streams));
  return found.stopped.length > 0 ? exitCodes.stopped : exitCodes.ok;
}

/** The study in the format that was asked for. */
function textOf(scenario: Scenario, document: WhatIfDocument, options: WhatIfOptions, streams: Streams): string {
  const { columns, paint } = streams;
  switch (options.format) {
    case "json":
      return `${JSON.stringify(document, null, 2)}\n`;
    case "md":
      return whatIfMarkdown(document);
    case "csv":
      return whatIfCsv(document);
    case "ndjson":
      return whatIfNdjson(document);
    case "text":
      return options.full ? whatIfText(scenario, document, columns) : whatIfScreen(scenario, document, columns, paint);
  }
}

/** What the study changed in a scenario, as a user would change it. */
function changesOf({ converted, io_speedup }: Scenario): string[] {
  return [`converted=${JSON.stringify(converted)}`, `io_speedup=${JSON.stringify(io_speedup)}`];
}

function refuseNoSample(error: unknown): never {
  throw error instanceof NoSampleError ? new UsageError(`--metric ${error.message}`) : error;
}

function variantOf(asked: string): Variant {
  const [variant, second] = parseVariants([asked]);
  if (variant === undefined || second !== undefined)
    throw new UsageError(`whatif looks at one variant, "${asked}" are several`);
  if (variant.axes.gup === "plain")
    throw new UsageError(`${variant.name} has no new functions that a site could call: its gup is plain`);
  return variant;
}

function parseSpeedup(text: string): number {
  const factor = /^\d+(\.\d+)?x$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
  if (!(factor > 1 && factor <= maxSpeedup))
    throw new UsageError(`--speedup: expected a factor above 1 and at most ${maxSpeedup}x, such as 2x, got "${text}"`);
  return factor;
}
