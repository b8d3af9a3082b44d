import { checkDocument } from "../../../reports/documents/check.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import { isStandardInput } from "../../../scenarios/standard-input.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import { observedIn } from "../../../sim/study/verdict.ts";
import { loadBaseline, saveBaseline } from "../../study/baseline.ts";
import { budgetsOf, type CheckOptions, judgeToday } from "../../cli/arguments/check-options.ts";
import { codeOf, printCheck } from "../../study/check-output.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import { openJournal } from "../../study/journal.ts";
import { parseJobs } from "../../study/pool.ts";
import { parsePrecision, sample } from "../../study/precision.ts";
import { isStopped, outcomeOf } from "../../study/replications.ts";
import { commandText } from "../../cli/reproduce.ts";
import { resultFolder } from "../../files/result-files.ts";
import { isResult } from "../../files/saved-study.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import type { Streams } from "../../cli/streams.ts";
import { updateBudgets } from "../../files/update-budgets.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { parseWarmUp, warmUp, warmUpArguments } from "../../study/warm-up.ts";
import { checkResult } from "./check-result.ts";

/** Replications when the user does not say: as few as a verdict may rest on. */
const defaultSeeds = 10;

/**
 * Holds one variant of a scenario, or a saved result, against its budgets, and against a baseline. Returns exit code 0 when all are met, 1 when one is
 * exceeded, 3 when none is and one is inconclusive, 4 when the simulation stopped, 130 or 143 after a signal.
 *
 * @throws UsageError for budgets, a baseline or options that are wrong, before anything is simulated; EnvironmentError.
 */
export async function check(options: CheckOptions, streams: Streams): Promise<number> {
  const began = new Date();
  if (isResult(options.scenario)) return checkResult(options, streams);
  const loaded = scenarioArgument(options.scenario, options.set);
  const { scenario } = loaded;
  const variant = variantOf(options.variants, scenario);
  const precision = parsePrecision(options.precision, options.seed);
  const seeds = parseSeeds(options.seed, options.seeds, defaultSeeds);
  const jobs = parseJobs(options.jobs);
  if (options.update) refuseUpdate(options);
  // A baseline is of the scenario with its parameters at their defaults: it may be held against another value of one.
  const isParam = (set: string): boolean => loaded.params.includes(set.slice(0, set.indexOf("=")));
  const identity = scenarioArgument(
    options.scenario,
    options.set.filter((set) => !isParam(set)),
  ).scenario;
  const baseline = options.baseline === undefined ? null : loadBaseline(options.baseline, identity);
  const budgets = budgetsOf(options, loaded.budgets, scenario, baseline);
  if (budgets.length === 0 && options.saveBaseline === undefined) {
    throw new UsageError(`check: ${scenario.name} has no budgets: give --budget FILE or --baseline FILE`);
  }
  const asked = parseWarmUp(options.warmup, scenario);
  const folder = resultFolder(options.out, scenario);
  const variants = [variant];
  const from_ns =
    baseline !== null && asked === null ? baseline.warm_up_ns : await warmUp(asked, scenario, variants, seeds, streams);
  const reproduced = (of: readonly string[]): string =>
    commandText("check", options, [variant.name], of, [
      ...warmUpArguments(asked, scenario, from_ns),
      ...(options.budget === undefined ? [] : ["--budget", options.budget]),
      ...(options.baseline === undefined ? [] : ["--baseline", options.baseline]),
    ]);
  const study = { scenario, budgets, variants: [variant.name], seeds, from_ns, reproduce: reproduced(seeds) };
  const journal = openJournal(folder, study, streams);
  if (baseline?.warning) streams.err(`${baseline.warning}\n`);

  const sampling = { scenario, variants, seeds, from_ns, jobs, journal, precision, statistics: budgets };
  const sampled = await sample(sampling, streams);
  const replications = sampled.replications[0] ?? [];
  const complete = interruption.code === null;
  const outcome = outcomeOf(variant, replications, [], sampled.precision);
  const judged = judgeToday(budgets, observedIn(replications), baseline, scenario, from_ns);
  const reproduce = reproduced(complete ? outcome.seeds : seeds);
  const document = checkDocument(scenario, outcome, judged, { complete, reproduce });
  printCheck(document, options, began, streams);
  if (folder !== null) {
    const path = folder.write("check.json", `${JSON.stringify(document, null, 1)}\n`);
    if (!streams.quiet) streams.err(`wrote ${path}\n`);
    if (complete) journal?.remove();
  }
  if (options.saveBaseline !== undefined && complete) {
    const path = saveBaseline(options.saveBaseline, identity, variant.name, replications, budgets, from_ns);
    if (!streams.quiet) streams.err(`wrote ${path}\n`);
  }
  if (options.update && complete) {
    const changes = updateBudgets(options.budget as string, document.rows);
    streams.err(changes.length === 0 ? "no limit changed\n" : `${options.budget}\n${changes.join("\n")}\n`);
    return isStopped(outcome) ? exitCodes.stopped : exitCodes.ok;
  }
  return codeOf(document, outcome, options.onInconclusive);
}

/** Limits are moved by people, in a file of their own. */
function refuseUpdate({ budget }: CheckOptions): void {
  if (budget === undefined || isStandardInput(budget))
    throw new UsageError("--update rewrites a file of budgets: give --budget FILE");
  if (process.env.CI !== undefined && process.env.CI !== "" && process.env.CI !== "false") {
    throw new UsageError("--update is refused in CI: a gate that moves its own limits is none");
  }
}

function variantOf(asked: string | undefined, scenario: Scenario): Variant {
  const [variant, second] = parseVariants([asked ?? (scenario.variants.at(-1) as string)]);
  if (variant === undefined || second !== undefined)
    throw new UsageError(`check judges one variant, "${asked}" are several`);
  return variant;
}
