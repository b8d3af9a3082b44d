import { outcomesOf } from "../../../sim/study/plan/sample.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import type { LoadedScenario } from "../../../scenarios/load.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import { parsePrecision, seedsForPrecision } from "../../cli/arguments/precision.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import type { SimulationOptions } from "../../cli/arguments/simulation-options.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { parseWarmUp } from "../../cli/arguments/warm-up.ts";
import { UsageError } from "../../cli/exit-codes.ts";
import type { OutputFolder } from "../../files/files.ts";
import type { Made } from "../../files/result-files.ts";
import { writeStudy } from "../../files/study-files.ts";
import type { Means } from "../carry-out.ts";
import { type Simulated, simulate, type Wanted } from "../simulate.ts";
import type { Stretch } from "../windows.ts";

/** What a run came to. */
export interface RunStudy {
  readonly outcome: VariantOutcome;
  readonly made: Made;
  readonly done: Simulated;
}

/** What a run is asked for. @throws UsageError. */
export function runWanted(
  options: SimulationOptions,
  { scenario, budgets }: LoadedScenario = scenarioArgument(options.scenario, options.set),
): Wanted {
  const text = options.variants ?? (scenario.variants[0] as string);
  const variants = parseVariants([text]);
  if (variants.length > 1) throw new UsageError(`run simulates one variant, "${text}" are several: use compare`);
  const precision = parsePrecision(options.precision, options.seed);
  const seeds = parseSeeds(options.seed, options.seeds, precision === null ? 1 : seedsForPrecision);
  const warmUp = parseWarmUp(options.warmup, scenario);
  return { command: "run", options, scenario, budgets, variants, precision, seeds, warmUp, more: [] };
}

/**
 * Simulates one variant. Null after an interruption before the first replication.
 *
 * @param folder where finished replications are kept; null for nowhere.
 * @throws ModelBug, EnvironmentError.
 */
export async function runStudy(wanted: Wanted, folder: OutputFolder | null, means: Means): Promise<RunStudy | null> {
  const done = await simulate(wanted, folder, means);
  if (done === null) return null;
  const [outcome] = outcomesOf(done.sampling, done.sample);
  const { scenario, budgets } = wanted;
  const complete = !means.workers.stop.isAsked();
  return { outcome, made: { scenario, budgets, complete, reproduce: done.reproduce }, done };
}

/** Writes what a run leaves in its folder; returns the paths. @param stretch of events to keep, null for that of the longest wait. */
export async function writeRun(
  folder: OutputFolder,
  { outcome, made, done }: RunStudy,
  stretch: Stretch | null,
): Promise<string[]> {
  const [variant] = done.sampling.variants as readonly [Variant];
  const paths = await writeStudy(folder, made, [{ variant, outcome, prefix: "" }], stretch);
  if (made.complete) done.journal?.remove();
  return paths;
}
