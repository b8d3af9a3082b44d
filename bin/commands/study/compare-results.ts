import { differences } from "../../../reports/documents/compare.ts";
import { renderDifferences } from "../../../reports/text/compare-text.ts";
import { resultsAgree, sideOfResult } from "../../../reports/documents/result.ts";
import { readResult } from "../../files/saved-study.ts";
import type { Streams } from "../../cli/streams.ts";

/**
 * Compares two saved results, such as those of two commits; the first is the reference. Seeds that both have are paired. Returns exit
 * code 0.
 *
 * @throws UsageError for files that are no results.
 */
export function compareResults(reference: string, candidate: string, format: string, streams: Streams): number {
  const [a, b] = [readResult(reference), readResult(candidate)];
  if (a.scenario_hash !== b.scenario_hash) {
    streams.err(`the results are of different scenarios: ${a.scenario.name} and ${b.scenario.name}\n`);
  }
  const [before, after] = [
    { ...sideOfResult(a), variant: `${a.variant} (${reference})` },
    { ...sideOfResult(b), variant: `${b.variant} (${candidate})` },
  ];
  if (format === "json") {
    const document = {
      schema: "gupsim/compare-results/v1",
      reference,
      candidate,
      same_scenario: a.scenario_hash === b.scenario_hash,
      identical: resultsAgree(a, b),
      differences: differences(before, after),
    };
    streams.out(`${JSON.stringify(document, null, 1)}\n`);
  } else {
    streams.out(renderDifferences(before, after, resultsAgree(a, b), streams.columns));
  }
  return 0;
}
