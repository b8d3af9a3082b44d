import { type CheckDocument, checkDocument } from "../../../reports/documents/check.ts";
import { documentText } from "../../../reports/documents/document-text.ts";
import type { LoadedScenario } from "../../../scenarios/load.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import type { Budget } from "../../../sim/study/budget.ts";
import { observedIn } from "../../../sim/study/observed.ts";
import { outcomeOf, type VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import type { CheckOptions } from "../../cli/arguments/check-options.ts";
import { parsePrecision } from "../../cli/arguments/precision.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { parseWarmUp } from "../../cli/arguments/warm-up.ts";
import { UsageError } from "../../cli/exit-codes.ts";
import type { OutputFolder } from "../../files/files.ts";
import { checkName, judgedName, resultText } from "../../files/result-files.ts";
import { type Baseline, loadBaseline } from "../baseline.ts";
import type { Means } from "../carry-out.ts";
import { budgetsOf, judgeToday } from "../judge.ts";
import { type Simulated, simulate, type Wanted } from "../simulate.ts";

/** Replications when the user does not say: as few as a verdict may rest on. */
const defaultSeeds = 10;

/** The options that a verdict depends on. */
export type VerdictOptions = Pick<
  CheckOptions,
  "scenario" | "set" | "seed" | "seeds" | "variants" | "precision" | "warmup" | "budget" | "baseline" | "saveBaseline"
>;

/** What is to be checked, and what it is held against. */
export interface CheckWanted {
  readonly wanted: Wanted;
  readonly baseline: Baseline | null;
  /** The scenario with its parameters at their defaults: what baselines know it by. */
  readonly identity: Scenario;
}

/** What a check came to. */
export interface CheckStudy {
  readonly document: CheckDocument;
  readonly outcome: VariantOutcome;
  readonly done: Simulated;
}

/** What is to be checked. @param given budgets in place of the scenario's own and of a file, null for none. @throws UsageError. */
export function checkWanted(
  options: VerdictOptions,
  loaded: LoadedScenario = scenarioArgument(options.scenario, options.set),
  given: readonly Budget[] | null = null,
): CheckWanted {
  const { scenario } = loaded;
  const variants = parseVariants([options.variants ?? (scenario.variants.at(-1) as string)]);
  if (variants.length > 1) throw new UsageError(`check judges one variant, "${options.variants}" are several`);
  const precision = parsePrecision(options.precision, options.seed);
  const seeds = parseSeeds(options.seed, options.seeds, defaultSeeds);
  // A baseline is of the scenario with its parameters at their defaults: it may be held against another value of one.
  const isParam = (set: string): boolean => loaded.params.includes(set.slice(0, set.indexOf("=")));
  const others = options.set.filter((set) => !isParam(set));
  const identity = scenarioArgument(options.scenario, others).scenario;
  const baseline = options.baseline === undefined ? null : loadBaseline(options.baseline, identity);
  const budgets: readonly Budget[] = budgetsOf(options, given ?? loaded.budgets, scenario, baseline);
  if (budgets.length === 0 && options.saveBaseline === undefined) {
    throw new UsageError(`check: ${scenario.name} has no budgets: give --budget FILE or --baseline FILE`);
  }
  const warmUp = parseWarmUp(options.warmup, scenario) ?? baseline?.warm_up_ns ?? null;
  // Budgets that stand in no file must come from somewhere when it is repeated.
  const file = options.budget ?? (given === null ? undefined : "-");
  const more = [
    ...(file === undefined ? [] : ["--budget", file]),
    ...(options.baseline === undefined ? [] : ["--baseline", options.baseline]),
  ];
  const wanted: Wanted = { command: "check", options, scenario, budgets, variants, precision, seeds, warmUp, more };
  return { wanted, baseline, identity };
}

/**
 * Runs the replications and judges the budgets by the waivers of this day. Null after an interruption before the first replication.
 *
 * @param folder where finished replications are kept; null for nowhere. @param begin told before the first of them.
 * @throws ModelBug, EnvironmentError.
 */
export async function checkStudy(
  { wanted, baseline }: CheckWanted,
  folder: OutputFolder | null,
  means: Means,
  begin: () => void = () => {},
): Promise<CheckStudy | null> {
  const { scenario, budgets, variants } = wanted;
  const [variant] = variants as readonly [Variant];
  const done = await simulate(wanted, folder, means, begin);
  if (done === null) return null;
  const { sample, sampling, reproduce } = done;
  const replications = sample.replications[0] ?? [];
  const outcome = outcomeOf(variant, replications, [], sample.precision);
  const judged = judgeToday(budgets, observedIn(replications), baseline, scenario, sampling.from_ns, sampling.refused);
  const complete = !means.workers.stop.isAsked();
  return { document: checkDocument(scenario, outcome, judged, { complete, reproduce }), outcome, done };
}

/**
 * Writes what a check leaves: its verdicts, and the result that they are of under a name of its own, so that a result of `run` or `compare`
 * in the same folder stays. Returns the paths.
 *
 * @throws EnvironmentError.
 */
export function writeCheck(folder: OutputFolder, { wanted }: CheckWanted, { document, done }: CheckStudy): string[] {
  const { scenario, variants } = wanted;
  const [variant] = variants as readonly [Variant];
  const { sample, reproduce } = done;
  // Those against a baseline are nothing that the result alone could be held against.
  const budgets = wanted.budgets.filter(({ limit }) => limit.kind !== "baseline");
  const outcome = outcomeOf(variant, sample.replications[0] ?? [], budgets, sample.precision);
  const judged = resultText({ scenario, budgets, complete: document.complete, reproduce }, outcome);
  return [folder.write(checkName, documentText(document)), folder.write(judgedName, judged)];
}
