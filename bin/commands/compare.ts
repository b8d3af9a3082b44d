import { compareDocument } from "../../reports/compare.ts";
import { renderCompare } from "../../reports/compare-text.ts";
import { exitCodes, UsageError } from "../exit-codes.ts";
import { isUnexpected, replicate } from "../replications.ts";
import { resultFolder, resultText } from "../result-files.ts";
import { scenarioArgument } from "../scenario-argument.ts";
import { parseSeeds } from "../seeds.ts";
import type { SimulationOptions } from "../simulation-options.ts";
import type { Streams } from "../streams.ts";
import { parseVariants } from "../variants.ts";

/** Replications when the user does not say. */
const defaultSeeds = 5;

/**
 * Runs several variants of a scenario on the same seeds and compares them; the first one is the reference. Prints the report
 * or one document; writes the document, each variant's result, and pictures. Returns exit code 0, or 4 when a variant stopped
 * in a way that the scenario does not announce.
 *
 * @throws UsageError, EnvironmentError before anything is simulated.
 */
export async function compare(options: SimulationOptions, streams: Streams): Promise<number> {
  const { scenario } = scenarioArgument(options.scenario, options.set);
  const variants = parseVariants(options.variants === undefined ? scenario.variants : [options.variants]);
  if (variants.length < 2) throw new UsageError("compare needs at least two variants: --variants plain,unlocked");
  const seeds = parseSeeds(options.seed, options.seeds, defaultSeeds);
  const folder = resultFolder(options.out, scenario);

  const outcomes = variants.map((variant) =>
    replicate(scenario, variant, seeds, [], { checkInvariants: false }, (seed) => {
      streams.progress(`${variant.name} seed ${seed}`);
    }),
  );
  streams.progress("");
  const document = `${JSON.stringify(compareDocument(scenario, outcomes), null, 1)}\n`;
  streams.out(options.format === "json" ? document : renderCompare(scenario, outcomes, streams.columns));

  if (folder !== null) {
    const { holdWaitCharts } = await import("../../reports/charts.ts");
    const paths = [folder.write("result.json", document)];
    for (const outcome of outcomes)
      paths.push(folder.write(`${outcome.variant}.result.json`, resultText(scenario, outcome)));
    for (const { name, png } of await holdWaitCharts({ scenario: scenario.name, outcomes }))
      paths.push(folder.write(name, png));
    if (!streams.quiet) for (const path of paths) streams.err(`wrote ${path}\n`);
  }
  return outcomes.some((outcome) => isUnexpected(scenario, outcome)) ? exitCodes.stopped : exitCodes.ok;
}
