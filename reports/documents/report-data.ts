import type { Scenario } from "../../sim/scenario.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import type { Budget } from "../../sim/study/budget.ts";
import type { CheckDocument } from "./check.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { outcomeOfResult, type ResultDocument } from "./result.ts";
import type { RuleSummary } from "../../sim/study/plan/rules.ts";

/** One variant of a report: what it came to, and the stretch of its events that was kept, if any was. */
export interface ReportedVariant {
  readonly outcome: VariantOutcome;
  readonly window: EventWindow | null;
}

/** What a report is made of: variants of one scenario with the same seeds, the reference first. There is at least one. */
export interface ReportData {
  readonly scenario: Scenario;
  readonly scenario_hash: string;
  /** What produced it. */
  readonly version: Readonly<Record<string, string>>;
  /** False when the study is interrupted or still going on: seeds are missing. */
  readonly complete: boolean;
  /** How many seeds were asked for; null where that is not known any more. */
  readonly seedsAsked: number | null;
  readonly warnings: readonly string[];
  readonly reproduce: string;
  readonly budgets: readonly Budget[];
  readonly variants: readonly ReportedVariant[];
  /** For variants that differ in several rules: what each does alone. */
  readonly rules: readonly RuleSummary[];
  /** The verdict on one of the variants, if it was checked. */
  readonly check: CheckDocument | null;
}

/**
 * The report on variants whose results agree in scenario, seeds and command.
 *
 * @param result of one of them. @param variants the reference first.
 */
export function reportData(
  result: Omit<ResultDocument, "metrics">,
  variants: readonly ReportedVariant[],
  check: CheckDocument | null = null,
  rules: readonly RuleSummary[] = [],
  seedsAsked: number | null = result.complete ? result.seeds.length : null,
): ReportData {
  const { scenario, scenario_hash, version, complete, warnings, reproduce, budgets } = result;
  return {
    scenario,
    scenario_hash,
    version,
    complete,
    seedsAsked,
    warnings,
    reproduce,
    budgets,
    variants,
    rules,
    check,
  };
}

/** The variants of saved results. @param windows one a result, `null` where none was kept. */
export function reportedVariants(
  results: readonly ResultDocument[],
  windows: readonly (EventWindow | null)[],
): ReportedVariant[] {
  return results.map((result, i) => ({ outcome: outcomeOfResult(result), window: windows[i] ?? null }));
}
