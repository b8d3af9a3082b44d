import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { type ResultContext, type ResultDocument, resultDocument } from "../../reports/documents/result.ts";
import { documentText } from "../../reports/documents/document-text.ts";
import type { Budget } from "../../sim/study/budget.ts";
import { scenarioHash } from "../../sim/study/plan/cell.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { versionStamp } from "../cli/version-stamp.ts";

/** The name of the verdicts of a check. */
export const checkName = "check.json";
/** The name of the result that a check judged, in the same folder. */
export const judgedName = "check.result.json";

/** What the results of one command have in common. */
export interface Made {
  readonly scenario: Scenario;
  readonly budgets: readonly Budget[];
  readonly complete: boolean;
  /** The command that gives them again. */
  readonly reproduce: string;
}

/** The `gupsim/result/v1` document of one outcome. */
export function resultDocumentOf(
  { scenario, budgets, complete, reproduce }: Made,
  outcome: VariantOutcome,
): ResultDocument {
  const context: ResultContext = {
    version: { ...versionStamp() },
    scenario,
    scenario_hash: scenarioHash(scenario),
    complete,
    warnings: [],
    reproduce,
    budgets,
  };
  return resultDocument(context, outcome);
}

/** Its text. */
export function resultText(made: Made, outcome: VariantOutcome): string {
  return documentText(resultDocumentOf(made, outcome));
}
