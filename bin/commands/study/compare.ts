import { compareDocument } from "../../../reports/documents/compare.ts";
import type { VariantOutcome } from "../../../reports/documents/outcome.ts";
import { type RuleSummary, ruleStudyText, ruleSummary } from "../../../reports/text/rules.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import { axisNames } from "../../../sim/kernels/axes.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import { renderCompare } from "../../../reports/text/compare-text.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import { openJournal } from "../../study/journal.ts";
import { parseJobs } from "../../study/pool.ts";
import { parsePrecision, sample, seedsForPrecision } from "../../study/precision.ts";
import { isUnexpected, outcomesOf, replicate } from "../../study/replications.ts";
import { formatOption, optional, type Values } from "../../cli/options.ts";
import { commandText } from "../../cli/reproduce.ts";
import { resultFolder } from "../../files/result-files.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import { simulationOptions, simulationPositionals, windowOption } from "../../cli/arguments/simulation-options.ts";
import { command } from "../../cli/command.ts";
import type { Streams } from "../../cli/streams.ts";
import { type Outcome, writeStudy } from "../../files/study-files.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { parseWarmUp, warmUp, warmUpArguments } from "../../study/warm-up.ts";
import { parseWindow } from "../../study/windows.ts";
import { compareResults } from "./compare-results.ts";

const positionals = {
  ...simulationPositionals,
  candidate: optional("with a saved result as the first: another"),
};
const declared = { ...simulationOptions, format: formatOption("text", "json"), window: windowOption };

type CompareOptions = Values<typeof positionals & typeof declared>;

export default command({
  positionals,
  options: declared,
  run: (given, streams) =>
    given.candidate === undefined
      ? compare(given, streams)
      : compareResults(given.scenario, given.candidate, given.format, streams),
});

/** Replications when the user does not say. */
const defaultSeeds = 5;

/**
 * Runs several variants of a scenario on the same seeds and compares them; the first one is the reference. Prints the report
 * or one document; writes the document, each variant's result, and pictures. Returns exit code 0, or 4 when a variant stopped
 * in a way that the scenario does not announce.
 *
 * @throws UsageError, EnvironmentError before anything is simulated.
 */
async function compare(options: CompareOptions, streams: Streams): Promise<number> {
  const { scenario, budgets } = scenarioArgument(options.scenario, options.set);
  const variants = parseVariants(options.variants === undefined ? scenario.variants : [options.variants]);
  if (variants.length < 2) throw new UsageError("compare needs at least two variants: --variants plain,unlocked");
  const precision = parsePrecision(options.precision, options.seed);
  const seeds = parseSeeds(options.seed, options.seeds, precision === null ? defaultSeeds : seedsForPrecision);
  const jobs = parseJobs(options.jobs);
  const stretch = parseWindow(options.window, scenario);
  const asked = parseWarmUp(options.warmup, scenario);
  const folder = resultFolder(options.out, scenario);

  const from_ns = await warmUp(asked, scenario, variants, seeds, streams);
  const names = variants.map(({ name }) => name);
  const reproduced = (of: readonly string[]): string =>
    commandText("compare", options, names, of, warmUpArguments(asked, scenario, from_ns));
  const study = { scenario, budgets, variants: names, seeds, from_ns, reproduce: reproduced(seeds) };
  const journal = openJournal(folder, study, streams);
  const sampling = { scenario, variants, seeds, from_ns, jobs, journal, precision, statistics: budgets };
  const outcomes = outcomesOf(variants, await sample(sampling, streams), budgets);
  const complete = interruption.code === null;
  const reproduce = reproduced(complete ? outcomes[0].seeds : seeds);
  const studies = complete ? ruleStudies(scenario, variants, seeds[0] as string, from_ns, streams) : [];
  streams.progress("");
  const document = `${JSON.stringify(compareDocument(scenario, outcomes, studies, complete), null, 1)}\n`;
  if (options.format === "json") {
    streams.out(document);
  } else {
    streams.out(renderCompare(scenario, outcomes, streams.columns));
    for (const study of studies) streams.out(`\n${ruleStudyText(study, streams.columns)}`);
  }

  if (folder !== null) {
    const { pictures } = await import("../../../reports/charts/charts.ts");
    const made = { scenario, budgets, complete, reproduce };
    const [first, ...others] = outcomes.map((outcome, i) => {
      return { variant: variants[i] as Variant, outcome, prefix: `${outcome.variant}.` };
    }) as [Outcome, ...Outcome[]];
    const paths = [
      folder.write("result.json", document),
      ...(await writeStudy(folder, made, [first, ...others], stretch, studies)),
    ];
    const drawn = { scenario, budgets, complete, variants: outcomes.map((outcome) => ({ outcome, window: null })) };
    for (const { name, bytes } of await pictures(drawn, "png", ["hold", "wait"])) paths.push(folder.write(name, bytes));
    if (!streams.quiet) for (const path of paths) streams.err(`wrote ${path}\n`);
    if (complete) journal?.remove();
  }
  if (interruption.code !== null) return interruption.code;
  return outcomes.some((outcome) => isUnexpected(scenario, outcome)) ? exitCodes.stopped : exitCodes.ok;
}

/**
 * For each variant after the first that differs in more than one axis: the first with those axes one at a time. One seed will do,
 * for all of them draw the same numbers.
 */
function ruleStudies(
  scenario: Scenario,
  variants: readonly Variant[],
  seed: string,
  from_ns: number,
  streams: Streams,
): RuleSummary[] {
  const [reference, ...candidates] = variants as [Variant, ...Variant[]];
  const run = (variant: Variant): VariantOutcome =>
    replicate(
      scenario,
      variant,
      [seed],
      [],
      { checkInvariants: false },
      () => streams.progress(`${variant.name} seed ${seed}`),
      from_ns,
    );
  let first: VariantOutcome | null = null;
  return candidates.flatMap((candidate) => {
    const differing = axisNames.filter((axis) => reference.axes[axis] !== candidate.axes[axis]);
    if (differing.length < 2) return [];
    const rules = differing.map((axis) => {
      const [from, to] = [reference.axes[axis], candidate.axes[axis]];
      const alone = { ...reference, name: `${reference.name}+${axis}=${to}`, axes: { ...reference.axes, [axis]: to } };
      return { axis, from, to, outcome: run(alone) };
    });
    first ??= run(reference);
    return [ruleSummary({ candidate: candidate.name, seed, reference: first, complete: run(candidate), rules })];
  });
}
