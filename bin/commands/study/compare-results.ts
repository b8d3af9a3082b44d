import { differences } from "../../../reports/documents/compare.ts";
import { whole } from "../../../reports/documents/headline.ts";
import { reportData } from "../../../reports/documents/report-data.ts";
import { outcomeOfResult, type ResultDocument, resultsAgree, sideOfResult } from "../../../reports/documents/result.ts";
import { renderDifferences } from "../../../reports/text/compare-text.ts";
import type { ViewOptions } from "../../cli/arguments/view-options.ts";
import { printStudy, type StudyFormat } from "../../files/print-study.ts";
import { readResult } from "../../saved/saved-study.ts";
import type { Streams } from "../../cli/streams.ts";

/**
 * Compares two saved results, such as those of two commits; the first is the reference. Seeds that both have are paired. Returns exit
 * code 0.
 *
 * @throws UsageError for files that are no results.
 */
export async function compareResults(
  reference: string,
  candidate: string,
  options: ViewOptions & { readonly format: StudyFormat },
  streams: Streams,
): Promise<number> {
  const [a, b] = [readResult(reference), readResult(candidate)];
  if (a.scenario_hash !== b.scenario_hash) {
    streams.err(`the results are of different scenarios: ${a.scenario.name} and ${b.scenario.name}\n`);
  }
  const [before, after] = [
    { ...sideOfResult(a), variant: `${a.variant} (${reference})` },
    { ...sideOfResult(b), variant: `${b.variant} (${candidate})` },
  ];
  const isFull = options.format === "text" && options.full;
  if (isFull) {
    streams.out(renderDifferences(before, after, resultsAgree(a, b), streams.columns));
    return 0;
  }
  const json = (): string => {
    const document = {
      schema: "gupsim/compare-results/v1",
      reference,
      candidate,
      same_scenario: a.scenario_hash === b.scenario_hash,
      identical: resultsAgree(a, b),
      differences: differences(before, after),
    };
    return `${JSON.stringify(document, null, 1)}\n`;
  };
  const shown = (result: ResultDocument, name: string) => {
    const outcome = outcomeOfResult(result);
    return { outcome: { ...outcome, variant: `${name} (${outcome.variant})` }, window: null };
  };
  const scenario = { ...a.scenario, question: `${a.scenario.question} A is ${reference}, B is ${candidate}` };
  const data = reportData({ ...a, scenario }, [shown(a, "A"), shown(b, "B")]);
  await printStudy(data, { ...whole, complete: a.complete && b.complete }, options, [], json, streams);
  return 0;
}
