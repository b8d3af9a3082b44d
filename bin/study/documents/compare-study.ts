import { type CompareDocument, compareDocument } from "../../../reports/documents/compare.ts";
import { documentText } from "../../../reports/documents/document-text.ts";
import type { LoadedScenario } from "../../../scenarios/load.ts";
import { axisNames } from "../../../sim/kernels/axes.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { ruleStudies } from "../../../sim/study/plan/rules.ts";
import { outcomesOf } from "../../../sim/study/plan/sample.ts";
import { parsePrecision, seedsForPrecision } from "../../cli/arguments/precision.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import type { SimulationOptions } from "../../cli/arguments/simulation-options.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { parseWarmUp } from "../../cli/arguments/warm-up.ts";
import { UsageError } from "../../cli/exit-codes.ts";
import type { OutputFolder } from "../../files/files.ts";
import type { Made } from "../../files/result-files.ts";
import { writeComparison } from "../../files/study-files.ts";
import { carryOut, type Means } from "../carry-out.ts";
import { type Simulated, simulate, type Wanted } from "../simulate.ts";
import type { Stretch } from "../windows.ts";

/** Replications when the user does not say. */
const defaultSeeds = 5;

/** What a comparison came to. */
export interface CompareStudy {
  readonly document: CompareDocument;
  readonly outcomes: readonly [VariantOutcome, ...VariantOutcome[]];
  readonly made: Made;
  readonly done: Simulated;
}

/** What is to be compared. @throws UsageError. */
export function compareWanted(
  options: SimulationOptions,
  { scenario, budgets }: LoadedScenario = scenarioArgument(options.scenario, options.set),
): Wanted {
  const variants = parseVariants(options.variants === undefined ? scenario.variants : [options.variants]);
  if (variants.length < 2) throw new UsageError("compare needs at least two variants: --variants plain,unlocked");
  const precision = parsePrecision(options.precision, options.seed);
  const seeds = parseSeeds(options.seed, options.seeds, precision === null ? defaultSeeds : seedsForPrecision);
  const warmUp = parseWarmUp(options.warmup, scenario);
  return { command: "compare", options, scenario, budgets, variants, precision, seeds, warmUp, more: [] };
}

/**
 * Runs the variants on the same seeds and compares them with the first; then, seed 1, each rule alone in which they differ. Null after an
 * interruption before the first replication.
 *
 * @param folder where finished replications are kept; null for nowhere.
 * @throws ModelBug, EnvironmentError.
 */
export async function compareStudy(
  wanted: Wanted,
  folder: OutputFolder | null,
  means: Means,
): Promise<CompareStudy | null> {
  const { scenario, budgets } = wanted;
  const done = await simulate(wanted, folder, means);
  if (done === null) return null;
  const outcomes = outcomesOf(done.sampling, done.sample);
  const rules = done.sample.complete ? await carryOut(ruleStudies(done.sampling, done.sample, axisNames), means) : null;
  const complete = !means.workers.stop.isAsked() && rules !== null;
  const asked = Math.max(wanted.seeds.length, outcomes[0].seeds.length);
  const document = compareDocument(scenario, outcomes, rules ?? [], complete, asked);
  return { document, outcomes, made: { scenario, budgets, complete, reproduce: done.reproduce }, done };
}

/** Writes what a comparison leaves in its folder; returns the paths. @param stretch of events to keep, null for that of the longest wait. */
export async function writeCompare(
  folder: OutputFolder,
  { document, outcomes, made, done }: CompareStudy,
  stretch: Stretch | null,
): Promise<string[]> {
  const variants: readonly Variant[] = done.sampling.variants;
  const { rules } = document;
  const paths = await writeComparison(folder, made, variants, outcomes, stretch, {
    document: documentText(document),
    rules,
  });
  if (made.complete) done.journal?.remove();
  return paths;
}
