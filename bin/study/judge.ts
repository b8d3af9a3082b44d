import { loadBudgets, ScenarioError } from "../../scenarios/load.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { Budget } from "../../sim/study/budget.ts";
import type { Observed } from "../../sim/study/observed.ts";
import { heedWarmUp, judge, type Verdict } from "../../sim/study/verdict.ts";
import type { CheckOptions } from "../cli/arguments/check-options.ts";
import { UsageError } from "../cli/exit-codes.ts";
import { type Baseline, regressionBudgets } from "./baseline.ts";

/** The budgets that are judged: of a file, else the scenario's own, and those that a baseline adds. @throws UsageError for a file that is wrong. */
export function budgetsOf(
  options: Pick<CheckOptions, "budget" | "baseline">,
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
  refused: string | null = null,
): Verdict[] {
  const today = new Date().toISOString().slice(0, 10);
  const verdicts = judge(budgets, observed, baseline === null ? null : (budget) => baseline.values(budget), today);
  return heedWarmUp(verdicts, warm_up_ns, duration_ns, refused);
}
