import type { SweepColumn } from "../../../reports/files/sweep.ts";
import {
  type Order,
  type PairRow,
  type SiteRow,
  type WhatIfDocument,
  whatIfDocument,
} from "../../../reports/documents/what-if.ts";
import { whatIfText } from "../../../reports/text/what-if-text.ts";
import { patchSites } from "../../../sim/callers/patch-sites.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import { allSets, bestOrder, costOfOrder, mostForAllSets, prefixes } from "../../../sim/study/conversion-order.ts";
import {
  type Effect,
  effectOf,
  type HoldingSite,
  holdingSites,
  interactionOf,
  mean,
  withConverted,
  withFasterIo,
} from "../../../sim/study/what-if.ts";
import { ConversionRuns } from "../../study/conversion-runs.ts";
import { command } from "../../cli/command.ts";
import { formatOption, type Values, value } from "../../cli/options.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import { parseColumn } from "../../cli/arguments/metric-option.ts";
import { parseJobs } from "../../study/pool.ts";
import { commandText } from "../../cli/reproduce.ts";
import { scenarioArgument, scenarioPositional, setOption } from "../../cli/arguments/scenario-argument.ts";
import { jobsOption } from "../../cli/arguments/simulation-options.ts";
import { parseSeeds, seedOptions } from "../../cli/arguments/seeds.ts";
import type { Streams } from "../../cli/streams.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";

/** Replications when the user does not say. */
const defaultSeeds = 5;
/** What is lowered when the user does not say: how long all readers together wait in a second. */
const defaultObjective: SweepColumn = { metric: "mmap_sem.wait{mode=R}", stat: "sum_rate" };
/** Most times that an IO can be made faster. */
const maxSpeedup = 1000;

const positionals = { scenario: scenarioPositional };
const declared = {
  set: setOption,
  ...seedOptions("N: seeds 1 to N"),
  variants: value("one kernel (default: the scenario's last)"),
  jobs: jobsOption,
  metric: value("METRIC:STAT to lower (default: 'mmap_sem.wait{mode=R}:sum_rate', all that readers wait in a second)"),
  speedup: value("how many times faster the IO goes that a site waits for", "2x"),
  format: formatOption("text", "json"),
};

type WhatIfOptions = Values<typeof positionals & typeof declared>;

export default command({ positionals, options: declared, run: whatif });

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
  const runs = new ConversionRuns({ variant, seeds, objective, threads: parseJobs(options.jobs) }, streams);

  const base = await runs.today(scenario);
  if (base === null) return interruption.code ?? exitCodes.ok;
  const merged = new Set(patchSites.filter((one) => !one.merged.startsWith("gup")).map(({ site }) => site));
  const holding = holdingSites(scenario, base.metrics, base.simulated_ns, merged);
  const sites = holding.filter(({ convertible }) => convertible);
  const study = await studyOf(scenario, sites, speedup, runs);
  if (study === null) return interruption.code ?? exitCodes.ok;

  const others = holding
    .filter(({ convertible }) => !convertible)
    .map(({ site, hold_io_ns }) => ({ site, hold_io_ns }));
  const document = whatIfDocument(scenario, objective, {
    variant: variant.name,
    seeds,
    speedup,
    ...study,
    others,
    stopped: runs.stopped,
    reproduce: commandText("whatif", options, [variant.name], seeds, [
      ...(options.metric === undefined ? [] : ["--metric", options.metric]),
      "--speedup",
      options.speedup,
    ]),
  });
  streams.out(
    options.format === "json"
      ? `${JSON.stringify(document, null, 2)}\n`
      : whatIfText(scenario, document, streams.columns),
  );
  return runs.stopped.length > 0 ? exitCodes.stopped : exitCodes.ok;
}

/** Runs all states that the study needs and says what came of them; null after an interruption. */
async function studyOf(scenario: Scenario, sites: readonly HoldingSite[], speedup: number, runs: ConversionRuns) {
  const n = sites.length;
  const names = sites.map(({ site }) => site);
  const converted = (set: number): Scenario =>
    withConverted(scenario, [...(scenario.converted ?? []), ...names.filter((_, i) => (set & (1 << i)) !== 0)]);
  const pairs = names.flatMap((_, b) => names.slice(0, b).map((_, a): [number, number] => [a, b]));
  const looksAtAll = n <= mostForAllSets;
  const few = [...names.map((_, i) => 1 << i), ...pairs.map(([a, b]) => (1 << a) | (1 << b))];
  const known = await runs.sets(looksAtAll ? allSets(n) : few, converted);
  const faster = await runs.each(names.map((site) => withFasterIo(scenario, site, speedup)));
  const greedy = await runs.greedy(n, converted);
  if (known === null || faster === null || greedy === null) return null;

  const cost = (set: number): number => mean(runs.valuesOf(set));
  const best = looksAtAll ? bestOrder(n, cost) : greedy;
  const method: WhatIfDocument["order"]["method"] = looksAtAll ? "best of all" : "greedy";
  return {
    today: cost(0),
    sites: sites.map(({ site, hold_io_ns }, i): SiteRow => {
      const faster_io = effectOf(runs.valuesOf(0), faster[i] as readonly number[]);
      return { site, hold_io_ns, converted: effectOfSet(runs, 1 << i), faster_io };
    }),
    pairs: pairs.map((pair) => pairRow(names, pair, runs)),
    order: { ...orderOf(names, best, runs), method },
    greedy: best.join() === greedy.join() ? null : orderOf(names, greedy, runs),
  };
}

function effectOfSet(runs: ConversionRuns, set: number): Effect {
  return effectOf(runs.valuesOf(0), runs.valuesOf(set));
}

function pairRow(names: readonly string[], [a, b]: readonly [number, number], runs: ConversionRuns): PairRow {
  const both = (1 << a) | (1 << b);
  return {
    sites: [names[a] as string, names[b] as string],
    converted: effectOfSet(runs, both),
    ...interactionOf(runs.valuesOf(0), runs.valuesOf(1 << a), runs.valuesOf(1 << b), runs.valuesOf(both)),
  };
}

function orderOf(names: readonly string[], order: readonly number[], runs: ConversionRuns): Order {
  const [, ...reached] = prefixes(order);
  return {
    steps: reached.map((set, i) => ({
      site: names[order[i] as number] as string,
      converted: effectOfSet(runs, set),
    })),
    on_the_way: costOfOrder(order, (set) => mean(runs.valuesOf(set))),
  };
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
