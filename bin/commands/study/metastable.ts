import {
  metastableText,
  type MetastableDocument,
  type SweptVariant,
} from "../../../reports/text/experiments/metastable.ts";
import { loadOf, type Scenario } from "../../../sim/scenario.ts";
import { loadPairs, pairsOf, stepMeans, sweepOnce } from "../../../sim/study/metastable.ts";
import { command } from "../../cli/command.ts";
import { formatOption, type Values, value, values } from "../../cli/options.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { isUnexpected, worstEnding } from "../../study/replications.ts";
import { scenarioArgument, scenarioPositional, setOption } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds, seedOptions } from "../../cli/arguments/seeds.ts";
import type { Streams } from "../../cli/streams.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";

/** Replications when the user does not say. */
const defaultSeeds = 10;
/** How long each step is when the user gives steps and does not say. */
const defaultEach = "500ms";

const positionals = { scenario: scenarioPositional };
const declared = {
  set: setOption,
  ...seedOptions("N: seeds 1 to N"),
  variants: value("kernels, separated by commas"),
  task: values("tasks whose pauses the load divides (default: the scenario's own load); repeat for more"),
  steps: value("the load, step by step: 1,2,4,2,1"),
  each: value("how long a step is (default 500ms)"),
  format: formatOption("text", "json"),
};

type MetastableOptions = Values<typeof positionals & typeof declared>;

export default command({ positionals, options: declared, run: metastable });

/**
 * Runs each variant under a load that goes up and comes back in the same run, and compares the ways at equal load. Returns exit code 0
 * whatever comes out, or 4 when a variant stopped in a way that the scenario does not announce.
 *
 * @throws UsageError for options that are wrong, and for a load that does not come back.
 */
function metastable(options: MetastableOptions, streams: Streams): number {
  const { scenario } = scenarioArgument(options.scenario, [...loadSets(options), ...options.set]);
  const load = loadOf(scenario);
  if (load === null)
    throw new UsageError(`${scenario.name} has no load: give --task NAME --steps 1,2,4,2,1, or one in the scenario`);
  if (pairsOf(load.steps).length === 0)
    throw new UsageError(`the load ${load.steps.join(",")} has no step on both sides of the highest: 1,2,1 has`);
  const variants = parseVariants(options.variants === undefined ? scenario.variants : [options.variants]);
  const seeds = parseSeeds(options.seed, options.seeds, defaultSeeds);

  const swept = variants.map((variant): SweptVariant & { preset: string } => {
    const runs = seeds.map((seed) => {
      streams.progress(`${variant.name} seed ${seed}`);
      return sweepOnce(scenario, variant, seed);
    });
    streams.progress("");
    const findings = runs.flatMap((run) => run.findings);
    const ending = worstEnding(runs.map((run) => run.ending));
    const { name, preset } = variant;
    return { variant: name, preset, ending, findings, steps: stepMeans(runs), pairs: loadPairs(runs) };
  });
  const document: MetastableDocument = {
    schema: "gupsim/metastable/v1",
    scenario: scenario.name,
    load,
    seeds,
    variants: swept.map(({ preset: _, ...one }) => one),
  };
  print(scenario, document, options.format, streams);
  return swept.some((one) => isUnexpected(scenario, one)) ? exitCodes.stopped : exitCodes.ok;
}

function print(scenario: Scenario, document: MetastableDocument, format: string, streams: Streams): void {
  if (format === "json") streams.out(`${JSON.stringify(document, null, 2)}\n`);
  else streams.out(metastableText(scenario, document, streams.columns));
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
