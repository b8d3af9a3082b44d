import { aliases, presets } from "../../../sim/kernels/presets.ts";
import { isResult } from "../../saved/saved-study.ts";
import { compareDocument } from "../../../reports/documents/compare.ts";
import { reportData } from "../../../reports/documents/report-data.ts";
import { axisNames } from "../../../sim/kernels/axes.ts";
import { isUnexpected } from "../../../sim/study/outcome/ending.ts";
import { ruleStudies } from "../../../sim/study/plan/rules.ts";
import { outcomesOf } from "../../../sim/study/plan/sample.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { parsePrecision, seedsForPrecision } from "../../cli/arguments/precision.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import {
  type SimulationOptions,
  simulationOptions,
  simulationPositionals,
  windowOption,
} from "../../cli/arguments/simulation-options.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { viewOptions } from "../../cli/arguments/view-options.ts";
import { parseWarmUp } from "../../cli/arguments/warm-up.ts";
import { UsageError, exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import type { Streams } from "../../cli/streams.ts";
import { printStudy, studyFormatOption } from "../../files/print-study.ts";
import { resultDocumentOf, resultFolder } from "../../files/result-files.ts";
import { writeComparison } from "../../files/study-files.ts";
import { carryOut } from "../../study/carry-out.ts";
import { type Wanted, meansOf, simulate } from "../../study/simulate.ts";
import { parseWindow } from "../../study/windows.ts";
import { withWorkers } from "../../study/workers.ts";
import { type Values, optional } from "../../cli/options.ts";
import { command } from "../../cli/command.ts";
import { compareResults } from "./compare-results.ts";

const positionals = {
  ...simulationPositionals,
  candidate: optional("with a saved result as the first: another"),
};
const declared = { ...simulationOptions, ...viewOptions, format: studyFormatOption, window: windowOption };

type CompareOptions = Values<typeof positionals & typeof declared>;

export default command({
  positionals,
  options: declared,
  run: (given, streams) =>
    given.candidate === undefined
      ? compare(given, streams)
      : compareResults(...bothResults(given.scenario, given.candidate), given, streams),
});

/** The two files, if they are results. @throws UsageError that says what was meant. */
function bothResults(reference: string, candidate: string): [string, string] {
  if (isResult(reference) || isResult(candidate) || reference.endsWith(".json")) return [reference, candidate];
  const isKernel = [candidate]
    .flatMap((name) => name.split(","))
    .every((name) => Object.hasOwn({ ...presets, ...aliases }, name.split("+")[0] ?? ""));
  throw new UsageError(
    isKernel
      ? `compare: "${candidate}" is a kernel: compare ${reference} --variants plain,${candidate}`
      : `compare: two names are two saved results (A.json B.json); of one scenario several kernels are compared: compare ${reference} --variants plain,unlocked`,
  );
}

/** Replications when the user does not say. */
const defaultSeeds = 5;

/**
 * Runs several variants of a scenario on the same seeds and compares them; the first one is the reference. Prints the report
 * or one document; writes the document, each variant's result, and pictures. Returns exit code 0, 4 when a variant stopped
 * in a way that the scenario does not announce, 130 or 143 after a signal.
 *
 * @throws UsageError, EnvironmentError before anything is simulated.
 */
async function compare(options: CompareOptions, streams: Streams): Promise<number> {
  const wanted = wantedOf(options);
  const { scenario, variants } = wanted;
  const jobs = parseJobs(options.jobs);
  const stretch = parseWindow(options.window, scenario);
  const folder = resultFolder(options.out, scenario);

  return withWorkers(jobs, async (workers) => {
    const means = meansOf(options, workers, streams);
    const done = await simulate(wanted, folder, means);
    if (done === null) return interruption.code ?? exitCodes.ok;
    const outcomes = outcomesOf(done.sampling, done.sample);
    const rules = done.sample.complete
      ? await carryOut(ruleStudies(done.sampling, done.sample, axisNames), means)
      : null;
    const complete = interruption.code === null && rules !== null;
    const asked = Math.max(wanted.seeds.length, outcomes[0].seeds.length);
    const document = compareDocument(scenario, outcomes, rules ?? [], complete, asked);
    const study = { complete, seedsAsked: asked, resumes: folder !== null };

    const json = `${JSON.stringify(document, null, 1)}\n`;
    const made = { scenario, budgets: wanted.budgets, complete, reproduce: done.reproduce };
    const written = { document: json, rules: document.rules };
    const paths = folder === null ? [] : await writeComparison(folder, made, variants, outcomes, stretch, written);
    if (complete) done.journal?.remove();
    const shown = outcomes.map((outcome) => ({ outcome, window: null }));
    const data = reportData(resultDocumentOf(made, outcomes[0]), shown, null, document.rules);
    await printStudy(data, study, options, paths, () => json, streams);
    if (interruption.code !== null) return interruption.code;
    return outcomes.some((outcome) => isUnexpected(scenario, outcome)) ? exitCodes.stopped : exitCodes.ok;
  });
}

/** What is to be compared. @throws UsageError. */
function wantedOf(options: SimulationOptions): Wanted {
  const { scenario, budgets } = scenarioArgument(options.scenario, options.set);
  const variants = parseVariants(options.variants === undefined ? scenario.variants : [options.variants]);
  if (variants.length < 2) throw new UsageError("compare needs at least two variants: --variants plain,unlocked");
  const precision = parsePrecision(options.precision, options.seed);
  const seeds = parseSeeds(options.seed, options.seeds, precision === null ? defaultSeeds : seedsForPrecision);
  return {
    command: "compare",
    options,
    scenario,
    budgets,
    variants,
    precision,
    seeds,
    warmUp: parseWarmUp(options.warmup, scenario),
    more: [],
  };
}
