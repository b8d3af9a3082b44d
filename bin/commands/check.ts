import { appendFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { checkDocument, type CheckDocument } from "../../reports/check.ts";
import { checkAnnotations } from "../../reports/check-github.ts";
import { checkJunit, type JunitRun } from "../../reports/check-junit.ts";
import { checkMarkdown } from "../../reports/check-markdown.ts";
import { checkText } from "../../reports/check-text.ts";
import type { VariantOutcome } from "../../reports/outcome.ts";
import { loadBudgets, ScenarioError } from "../../scenarios/load.ts";
import type { Variant } from "../../sim/linux/variant.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { Budget } from "../../sim/study/budget.ts";
import { judge, type Verdict } from "../../sim/study/verdict.ts";
import { type Baseline, loadBaseline, regressionBudgets, saveBaseline } from "../baseline.ts";
import { EnvironmentError, exitCodes, firstOf, UsageError } from "../exit-codes.ts";
import { interruption } from "../interruption.ts";
import { openJournal } from "../journal.ts";
import { parseJobs } from "../pool.ts";
import { parsePrecision, sample } from "../precision.ts";
import { isStopped, outcomeOf } from "../replications.ts";
import { commandText } from "../reproduce.ts";
import { resultFolder } from "../result-files.ts";
import { scenarioArgument } from "../scenario-argument.ts";
import { parseSeeds } from "../seeds.ts";
import type { SimulationOptions } from "../simulation-options.ts";
import type { Streams } from "../streams.ts";
import { updateBudgets } from "../update-budgets.ts";
import { parseVariants } from "../variants.ts";
import { parseWarmUp, warmUp, warmUpArguments } from "../warm-up.ts";

/** Replications when the user does not say: as few as a verdict may rest on. */
const defaultSeeds = 10;

/** What `check` was asked, beside what all simulations have in common. */
export interface CheckOptions extends SimulationOptions {
  readonly budget: string | undefined;
  /** Rewrite the limits of the file of budgets by what is observed. */
  readonly update: boolean;
  readonly baseline: string | undefined;
  readonly saveBaseline: string | undefined;
  readonly onInconclusive: string;
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
  readonly github: string;
}

/**
 * Holds one variant of a scenario against its budgets, and against a baseline. Returns exit code 0 when all are met, 1 when one is
 * exceeded, 3 when none is and one is inconclusive, 4 when the simulation stopped, 130 or 143 after a signal.
 *
 * @throws UsageError for budgets, a baseline or options that are wrong, before anything is simulated; EnvironmentError.
 */
export async function check(options: CheckOptions, streams: Streams): Promise<number> {
  const began = new Date();
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
  const outcome = outcomeOf(variant, replications, sampled.precision);
  const isTooShort = from_ns > scenario.duration_ns / 2;
  const today = new Date().toISOString().slice(0, 10);
  const verdicts = judge(budgets, replications, baseline === null ? null : (budget) => baseline.values(budget), today);
  const judged = isTooShort ? verdicts.map(refused) : verdicts;
  const reproduce = reproduced(complete ? outcome.seeds : seeds);
  const document = checkDocument(scenario, outcome, judged, { complete, reproduce });
  print(document, options, began, streams);
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

/** No verdict: the run is warming up for most of its time. */
function refused(verdict: Verdict): Verdict {
  if (verdict.status === "off") return verdict;
  return {
    ...verdict,
    status: "inconclusive",
    reason: "the warm-up is more than half of the run: run longer, or give --warmup",
  };
}

/** Limits are moved by people, in a file of their own. */
function refuseUpdate({ budget }: CheckOptions): void {
  if (budget === undefined) throw new UsageError("--update rewrites a file of budgets: give --budget FILE");
  if (process.env.CI !== undefined && process.env.CI !== "" && process.env.CI !== "false") {
    throw new UsageError("--update is refused in CI: a gate that moves its own limits is none");
  }
}

function codeOf(document: CheckDocument, outcome: VariantOutcome, onInconclusive: string): number {
  const gate = document.rows.filter(({ level }) => level === "error").map(({ status }) => status);
  return firstOf([
    ...(interruption.code === null ? [] : [interruption.code]),
    ...(isStopped(outcome) ? [exitCodes.stopped] : []),
    ...(gate.includes("fail") ? [exitCodes.failed] : []),
    ...(gate.includes("inconclusive") && onInconclusive !== "warn" ? [exitCodes.inconclusive] : []),
  ]);
}

function variantOf(asked: string | undefined, scenario: Scenario): Variant {
  const [variant, second] = parseVariants([asked ?? (scenario.variants.at(-1) as string)]);
  if (variant === undefined || second !== undefined)
    throw new UsageError(`check judges one variant, "${asked}" are several`);
  return variant;
}

function budgetsOf(
  options: CheckOptions,
  own: readonly Budget[],
  scenario: Scenario,
  baseline: Baseline | null,
): readonly Budget[] {
  let budgets = own;
  if (options.budget !== undefined) {
    try {
      budgets = loadBudgets(options.budget, scenario);
    } catch (error) {
      if (error instanceof ScenarioError) throw new UsageError(error.message);
      throw error;
    }
  }
  const hasRelative = budgets.some(({ limit }) => limit.kind === "baseline");
  if (baseline === null || hasRelative) return budgets;
  return [...budgets, ...regressionBudgets(baseline, options.baseline as string)];
}

function print(document: CheckDocument, options: CheckOptions, began: Date, streams: Streams): void {
  if (options.format === "json") streams.out(`${JSON.stringify(document, null, 2)}\n`);
  else if (options.format === "md") streams.out(checkMarkdown(document));
  else streams.out(checkText(document, streams.columns));
  const { env } = process;
  const onGithub = options.github === "on" || (options.github === "auto" && env.GITHUB_ACTIONS === "true");
  attempt(() => {
    if (options.junit !== undefined)
      writeFileSync(options.junit, checkJunit(document, options.onInconclusive !== "warn", junitRun(began)));
    if (options.markdown !== undefined) writeFileSync(options.markdown, checkMarkdown(document));
    if (onGithub && env.GITHUB_STEP_SUMMARY !== undefined)
      appendFileSync(env.GITHUB_STEP_SUMMARY, checkMarkdown(document));
  });
  // Annotations are read from stdout; with --format json that is the document's alone.
  if (!onGithub) return;
  if (options.format === "text") streams.out(checkAnnotations(document));
  else streams.err(checkAnnotations(document));
}

/** Of this run: what the XML has of the wall clock and the machine. */
function junitRun(began: Date): JunitRun {
  return {
    timestamp: began.toISOString().slice(0, 19),
    seconds: (Date.now() - began.getTime()) / 1000,
    hostname: hostname(),
  };
}

function attempt(write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new EnvironmentError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
