import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { reportData } from "../../reports/documents/report-data.ts";
import type { Variant } from "../../sim/kernels/variant.ts";
import type { RuleSummary } from "../../sim/study/plan/rules.ts";
import type { OutputFolder } from "./files.ts";
import { htmlFile } from "./report-formats.ts";
import { type Made, resultDocumentOf } from "./result-files.ts";
import { momentOf, replayWindow, type Stretch } from "../study/windows.ts";

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
 * @param outcomes at least one, the reference first. @param stretch of events, `null` for that of the longest wait of all.
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
  const moment = momentOf(
    outcomes.map(({ outcome }) => outcome),
    stretch,
  );
  const variants = outcomes.map(({ variant, outcome, prefix }) => {
    const window = replayWindow(made.scenario, variant, outcome.variant, moment);
    paths.push(folder.write(`${prefix}window.json`, `${JSON.stringify(window)}\n`));
    return { outcome, window };
  });
  const page = await htmlFile(reportData(first, variants, null, rules));
  return [...paths, folder.write(page.name, page.content)];
}

/** Writes what a comparison leaves: its own document, what {@link writeStudy} leaves of each variant, and pictures. Returns the paths. */
export async function writeComparison(
  folder: OutputFolder,
  made: Made,
  variants: readonly Variant[],
  outcomes: readonly [VariantOutcome, ...VariantOutcome[]],
  stretch: Stretch | null,
  { document, rules }: { readonly document: string; readonly rules: readonly RuleSummary[] },
): Promise<string[]> {
  const [first, ...others] = outcomes.map((outcome, i): Outcome => {
    return { variant: variants[i] as Variant, outcome, prefix: `${outcome.variant}.` };
  }) as [Outcome, ...Outcome[]];
  const paths = [
    folder.write("result.json", document),
    ...(await writeStudy(folder, made, [first, ...others], stretch, rules)),
  ];
  const { pictures } = await import("../../reports/charts/charts.ts");
  const { scenario, budgets, complete } = made;
  const drawn = { scenario, budgets, complete, variants: outcomes.map((outcome) => ({ outcome, window: null })) };
  for (const { name, bytes } of await pictures(drawn, "png", ["hold", "wait"])) paths.push(folder.write(name, bytes));
  return paths;
}
