import { jobsOption } from "../../cli/arguments/simulation-options.ts";
import { type MetastableDocument, metastableText } from "../../../reports/text/experiments/metastable.ts";
import { loadOf } from "../../../sim/scenario.ts";
import { pairsOf } from "../../../sim/study/metastable.ts";
import { loadSweeps } from "../../../sim/study/plan/load-sweep.ts";
import { isWhole } from "../../../sim/study/plan/plan.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { scenarioArgument, scenarioPositional, setOption } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds, seedOptions } from "../../cli/arguments/seeds.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { UsageError, exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import type { Streams } from "../../cli/streams.ts";
import { carryOut } from "../../study/carry-out.ts";
import { withWorkers } from "../../study/workers.ts";
import { command } from "../../cli/command.ts";
import { type Values, formatOption, value, values } from "../../cli/options.ts";

const positionals = { scenario: scenarioPositional };
const declared = {
  set: setOption,
  ...seedOptions("N: seeds 1 to N"),
  variants: value("kernels, separated by commas"),
  task: values("tasks whose pauses the load divides (default: the scenario's own load); repeat for more"),
  steps: value("the load, step by step: 1,2,4,2,1"),
  each: value("how long a step is (default 500ms)"),
  jobs: jobsOption,
  format: formatOption("text", "json"),
};

type MetastableOptions = Values<typeof positionals & typeof declared>;

export default command({ positionals, options: declared, run: metastable });

/** Replications when the user does not say. */
const defaultSeeds = 10;
/** How long each step is when the user gives steps and does not say. */
const defaultEach = "500ms";

/**
 * Runs each variant under a load that goes up and comes back in the same run, and compares the ways at equal load. Returns exit code 0
 * whatever comes out, 4 when a variant stopped in a way that the scenario does not announce, 130 or 143 after a signal.
 *
 * @throws UsageError for options that are wrong, and for a load that does not come back.
 */
async function metastable(options: MetastableOptions, streams: Streams): Promise<number> {
  const set = [...loadSets(options), ...options.set];
  const { scenario } = scenarioArgument(options.scenario, set);
  const load = loadOf(scenario);
  if (load === null)
    throw new UsageError(`${scenario.name} has no load: give --task NAME --steps 1,2,4,2,1, or one in the scenario`);
  if (pairsOf(load.steps).length === 0)
    throw new UsageError(`the load ${load.steps.join(",")} has no step on both sides of the highest: 1,2,1 has`);
  const variants = parseVariants(options.variants === undefined ? scenario.variants : [options.variants]);
  const seeds = parseSeeds(options.seed, options.seeds, defaultSeeds);
  const asked = () => ({ scenario: options.scenario, set });

  const found = await withWorkers(parseJobs(options.jobs), (workers) =>
    carryOut(loadSweeps(scenario, variants, seeds), { workers, journal: null, streams, asked }),
  );
  if (!isWhole(found)) return interruption.code ?? exitCodes.ok;
  const document: MetastableDocument = {
    schema: "gupsim/metastable/v1",
    scenario: scenario.name,
    load,
    seeds,
    variants: found.map(({ swept }) => swept),
  };
  if (options.format === "json") streams.out(`${JSON.stringify(document, null, 2)}\n`);
  else streams.out(metastableText(scenario, document, streams.columns));
  return found.some((one) => one.isUnexpected) ? exitCodes.stopped : exitCodes.ok;
}

/** The load of the options as changes to the scenario, as long as its steps. */
function loadSets({ task, steps, each }: MetastableOptions): string[] {
  if (task.length === 0 && steps === undefined && each === undefined) return [];
  if (task.length === 0 || steps === undefined)
    throw new UsageError("a load needs both --task NAME and --steps 1,2,4,2,1");
  const numbers = steps.split(",").map((step) => (step.trim() === "" ? Number.NaN : Number(step)));
  if (numbers.some((step) => !(step > 0)))
    throw new UsageError(`--steps: expected numbers above 0, separated by commas, got "${steps}"`);
  const [, count, unit] = /^(\d+(?:\.\d+)?)([a-zµ]+)$/.exec(each ?? defaultEach) ?? [];
  if (count === undefined || unit === undefined)
    throw new UsageError(`--each: expected a duration such as 500ms, got "${each}"`);
  return [
    `duration=${Number(count) * numbers.length}${unit}`,
    `load=${JSON.stringify({ tasks: task, steps: numbers, each: `${count}${unit}` })}`,
  ];
}
