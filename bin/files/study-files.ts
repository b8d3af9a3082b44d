import type { VariantOutcome } from "../../reports/documents/outcome.ts";
import { reportData } from "../../reports/documents/report-data.ts";
import type { RuleSummary } from "../../reports/text/rules.ts";
import type { Variant } from "../../sim/kernels/variant.ts";
import type { OutputFolder } from "./files.ts";
import { htmlFile } from "./report-formats.ts";
import { type Made, resultDocumentOf } from "./result-files.ts";
import { replayWindow, type Stretch } from "../study/windows.ts";

/** A variant and what it came to. */
export interface Outcome {
  readonly variant: Variant;
  readonly outcome: VariantOutcome;
  /** What its files begin with: "" for the only one. */
  readonly prefix: string;
}

/**
 * Writes what a study leaves in its folder: of each variant the result and, when the study is complete, a window of events; and the page
 * over all of them. Returns the paths.
 *
 * @param outcomes at least one, the reference first. @param stretch of events, `null` for that of the longest wait.
 */
export async function writeStudy(
  folder: OutputFolder,
  made: Made,
  outcomes: readonly [Outcome, ...Outcome[]],
  stretch: Stretch | null,
  rules: readonly RuleSummary[] = [],
): Promise<string[]> {
  const paths: string[] = [];
  const results = outcomes.map(({ outcome, prefix }) => {
    const result = resultDocumentOf(made, outcome);
    paths.push(folder.write(`${prefix}result.json`, `${JSON.stringify(result, null, 1)}\n`));
    return result;
  });
  const [first] = results;
  if (!made.complete || first === undefined) return paths;
  const variants = outcomes.map(({ variant, outcome, prefix }) => {
    const window = replayWindow(made.scenario, variant, outcome, stretch);
    paths.push(folder.write(`${prefix}window.json`, `${JSON.stringify(window)}\n`));
    return { outcome, window };
  });
  const page = await htmlFile(reportData(first, variants, null, rules));
  return [...paths, folder.write(page.name, page.content)];
}
