import { type AgreementDocument, agreement } from "../../../reports/documents/agreement.ts";
import { agreementText, agreementTotal } from "../../../reports/text/agreement-text.ts";
import { bundledScenarios } from "../../../scenarios/load.ts";
import { HoldEnds } from "../../../sim/measure/hold-ends.ts";
import { mergeMetrics } from "../../../sim/measure/metrics/metrics.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import type { Measured } from "../../../sim/measured.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { replicate } from "../../study/replications.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import type { Streams } from "../../cli/streams.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";

/** Replications when the user does not say. */
const defaultSeeds = 5;

export interface AgreeOptions {
  /** Names or files; empty for every bundled scenario that was measured. */
  readonly scenarios: readonly string[];
  /** Instead of the variant that was measured. */
  readonly variants: string | undefined;
  readonly seed: readonly string[];
  readonly seeds: string | undefined;
  readonly format: string;
}

/**
 * Runs the scenarios that a real kernel was measured on, and prints simulated beside measured, cell by cell. Returns exit code 0,
 * or 1 when a cell with a tolerance differs.
 *
 * @throws UsageError for a scenario that was not measured.
 */
export function agree(options: AgreeOptions, streams: Streams): number {
  const seeds = parseSeeds(options.seed, options.seeds, defaultSeeds);
  const documents: AgreementDocument[] = [];
  for (const { scenario, measured } of chosen(options.scenarios)) {
    for (const variant of parseVariants([options.variants ?? measured.variant])) {
      const document = compareOne(scenario, measured, variant, seeds, streams);
      documents.push(document);
      if (options.format === "text") streams.out(`${agreementText(document, streams.columns)}\n`);
      else if (options.format === "ndjson") streams.out(`${JSON.stringify(document)}\n`);
    }
  }
  if (options.format === "json") streams.out(`${JSON.stringify(documents, null, 2)}\n`);
  if (options.format === "text" && documents.length > 1) {
    streams.out(`in all: ${agreementTotal(documents)} with a tolerance agree\n`);
  }
  const differs = documents.some(({ rows }) => rows.some(({ verdict }) => verdict === "differs"));
  return differs ? exitCodes.failed : exitCodes.ok;
}

function chosen(names: readonly string[]): { scenario: Scenario; measured: Measured }[] {
  const all = names.length > 0 ? names : bundledScenarios().map(({ name }) => name);
  return all.flatMap((name) => {
    const { scenario } = scenarioArgument(name, []);
    if (scenario.measured !== null) return [{ scenario, measured: scenario.measured }];
    if (names.length === 0) return [];
    throw new UsageError(`${scenario.name} has no measured values to agree with`);
  });
}

function compareOne(
  scenario: Scenario,
  measured: Measured,
  variant: Variant,
  seeds: readonly string[],
  streams: Streams,
): AgreementDocument {
  const results = seeds.map((seed) => {
    const ends = new HoldEnds();
    const progress = () => streams.progress(`${scenario.name} ${variant.name} seed ${seed}`);
    const outcome = replicate(scenario, variant, [seed], [ends], { checkInvariants: false }, progress);
    return { metrics: mergeMetrics([outcome.metrics, ends.metrics()]), simulated_ns: outcome.simulated_ns };
  });
  streams.progress("");
  return {
    schema: "gupsim/agreement/v1",
    scenario: scenario.name,
    variant: variant.name,
    source: measured.source,
    seeds,
    rows: agreement(measured, results),
  };
}
