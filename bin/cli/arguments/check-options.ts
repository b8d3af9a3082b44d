import { loadBudgets, ScenarioError } from "../../../scenarios/load.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import type { Budget } from "../../../sim/study/budget.ts";
import { judge, type Observed, type Verdict } from "../../../sim/study/verdict.ts";
import { type Baseline, regressionBudgets } from "../../study/baseline.ts";
import { UsageError } from "../exit-codes.ts";
import type { SimulationOptions } from "./simulation-options.ts";

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
