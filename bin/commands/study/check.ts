import { checkDocument } from "../../../reports/documents/check.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import type { Budget } from "../../../sim/study/budget.ts";
import { isStopped } from "../../../sim/study/outcome/ending.ts";
import { outcomeOf } from "../../../sim/study/outcome/outcome.ts";
import { observedIn } from "../../../sim/study/observed.ts";
import { type CheckOptions, checkOptions, checkPositionals } from "../../cli/arguments/check-options.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { parsePrecision } from "../../cli/arguments/precision.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { parseWarmUp } from "../../cli/arguments/warm-up.ts";
import { UsageError, exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import type { Streams } from "../../cli/streams.ts";
import { resultFolder } from "../../files/result-files.ts";
import { isResult } from "../../saved/saved-study.ts";
import { refuseUpdate, updateBudgets } from "../../files/update-budgets.ts";
import { type Baseline, loadBaseline, saveBaseline } from "../../study/baseline.ts";
import { codeOf, printCheck } from "../../study/check-output.ts";
import { budgetsOf, judgeToday } from "../../study/judge.ts";
import { type Wanted, meansOf, simulate } from "../../study/simulate.ts";
import { withWorkers } from "../../study/workers.ts";
import { checkResult } from "./check-result.ts";
import { command } from "../../cli/command.ts";

export default command({ positionals: checkPositionals, options: checkOptions, run: check });

/** Replications when the user does not say: as few as a verdict may rest on. */
const defaultSeeds = 10;

/**
 * Holds one variant of a scenario, or a saved result, against its budgets, and against a baseline. Returns exit code 0 when all are met, 1 when one is
 * exceeded, 3 when none is and one is inconclusive, 4 when the simulation stopped, 130 or 143 after a signal.
 *
 * @throws UsageError for budgets, a baseline or options that are wrong, before anything is simulated; EnvironmentError.
 */
async function check(options: CheckOptions, streams: Streams): Promise<number> {
  const began = new Date();
  if (isResult(options.scenario)) return checkResult(options, streams);
  const { wanted, baseline, identity } = wantedOf(options);
  const { scenario, budgets, variants } = wanted;
  const [variant] = variants as readonly [Variant];
  const folder = resultFolder(options.out, scenario);

  return withWorkers(parseJobs(options.jobs), async (workers) => {
    const warn = (): void => {
      if (baseline?.warning) streams.err(`${baseline.warning}\n`);
    };
    const done = await simulate(wanted, folder, meansOf(options, workers, streams), warn);
    if (done === null) return interruption.code ?? exitCodes.ok;
    const { sample, sampling, reproduce } = done;
    const replications = sample.replications[0] ?? [];
    const complete = interruption.code === null;
    const outcome = outcomeOf(variant, replications, [], sample.precision);

    const judged = judgeToday(
      budgets,
      observedIn(replications),
      baseline,
      scenario,
      sampling.from_ns,
      sampling.refused,
    );
    const document = checkDocument(scenario, outcome, judged, { complete, reproduce });
    printCheck(document, scenario, options, began, streams);
    const wrote = (path: string): void => {
      if (!streams.quiet) streams.err(`wrote ${path}\n`);
    };
    if (folder !== null) wrote(folder.write("check.json", `${JSON.stringify(document, null, 1)}\n`));
    if (complete) {
      done.journal?.remove();
      if (options.saveBaseline !== undefined)
        wrote(saveBaseline(options.saveBaseline, identity, variant.name, replications, budgets, sampling.from_ns));
      if (options.update) {
        streams.err(updateBudgets(options.budget as string, document.rows));
        return isStopped(outcome) ? exitCodes.stopped : exitCodes.ok;
      }
    }
    return codeOf(document, outcome, options.onInconclusive);
  });
}

/** What is to be checked, and what it is held against. @throws UsageError. */
function wantedOf(options: CheckOptions): { wanted: Wanted; baseline: Baseline | null; identity: Scenario } {
  const loaded = scenarioArgument(options.scenario, options.set);
  const { scenario } = loaded;
  const variants = parseVariants([options.variants ?? (scenario.variants.at(-1) as string)]);
  if (variants.length > 1) throw new UsageError(`check judges one variant, "${options.variants}" are several`);
  const precision = parsePrecision(options.precision, options.seed);
  const seeds = parseSeeds(options.seed, options.seeds, defaultSeeds);
  parseJobs(options.jobs);
  if (options.update) refuseUpdate(options.budget);
  // A baseline is of the scenario with its parameters at their defaults: it may be held against another value of one.
  const isParam = (set: string): boolean => loaded.params.includes(set.slice(0, set.indexOf("=")));
  const others = options.set.filter((set) => !isParam(set));
  const identity = scenarioArgument(options.scenario, others).scenario;
  const baseline = options.baseline === undefined ? null : loadBaseline(options.baseline, identity);
  const budgets: readonly Budget[] = budgetsOf(options, loaded.budgets, scenario, baseline);
  if (budgets.length === 0 && options.saveBaseline === undefined) {
    throw new UsageError(`check: ${scenario.name} has no budgets: give --budget FILE or --baseline FILE`);
  }
  const warmUp = parseWarmUp(options.warmup, scenario) ?? baseline?.warm_up_ns ?? null;
  const more = [
    ...(options.budget === undefined ? [] : ["--budget", options.budget]),
    ...(options.baseline === undefined ? [] : ["--baseline", options.baseline]),
  ];
  const wanted: Wanted = { command: "check", options, scenario, budgets, variants, precision, seeds, warmUp, more };
  return { wanted, baseline, identity };
}
