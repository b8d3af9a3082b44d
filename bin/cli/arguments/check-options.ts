import { checkFormatNames } from "../../../reports/ci/check-formats.ts";
import { loadBudgets, ScenarioError } from "../../../scenarios/load.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import type { Budget } from "../../../sim/study/budget.ts";
import { judge, type Observed, type Verdict } from "../../../sim/study/verdict.ts";
import { type Baseline, regressionBudgets } from "../../study/baseline.ts";
import { UsageError } from "../exit-codes.ts";
import { choice, flag, formatOption, required, type Values, value } from "../options.ts";
import { simulationOptions } from "./simulation-options.ts";

/** What `check` judges. */
export const checkPositionals = { scenario: required("name of a bundled scenario, a file, or a saved result") };

/** How it judges, and where it says so. */
export const checkOptions = {
  ...simulationOptions,
  format: formatOption(...checkFormatNames),
  budget: value("a file of budgets instead of the scenario's own"),
  update: flag("with --budget: rewrite its upper limits by what is observed, with a tenth of head-room"),
  baseline: value("a saved baseline to hold it against"),
  saveBaseline: value("save this run as a baseline"),
  onInconclusive: choice(["fail", "warn"], "fail", "exit code 3 for an inconclusive budget, or 0"),
  junit: value("write JUnit XML to this file"),
  markdown: value("write Markdown for a pull request to this file"),
  github: choice(["auto", "on", "off"], "auto", "annotations and step summary of GitHub Actions"),
};

/** What was given of them. */
export type CheckOptions = Values<typeof checkPositionals & typeof checkOptions>;

/** The budgets that are judged: of a file, else the scenario's own, and those that a baseline adds. @throws UsageError for a file that is wrong. */
export function budgetsOf(
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

/** Judges by the waivers of this day. Without a verdict when the warm-up is more than half of the run. */
export function judgeToday(
  budgets: readonly Budget[],
  observed: Observed,
  baseline: Baseline | null,
  { duration_ns }: Scenario,
  warm_up_ns: number,
): Verdict[] {
  const today = new Date().toISOString().slice(0, 10);
  const verdicts = judge(budgets, observed, baseline === null ? null : (budget) => baseline.values(budget), today);
  return warm_up_ns > duration_ns / 2 ? verdicts.map(refused) : verdicts;
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
