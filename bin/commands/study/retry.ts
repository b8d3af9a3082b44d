import { retryCurve, retryText } from "../../../reports/text/experiments/retry-curve.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { gridCells, gridOptions, gridPositionals } from "../../cli/arguments/grid.ts";
import { command } from "../../cli/command.ts";
import { formatOption, type Values } from "../../cli/options.ts";
import { isUnexpected, replicate } from "../../study/replications.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import type { Streams } from "../../cli/streams.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";

const declared = { ...gridOptions, format: formatOption("text", "json") };

type RetryOptions = Values<typeof gridPositionals & typeof declared>;

export default command({ positionals: gridPositionals, options: declared, run: retry });

/**
 * For each cell of a grid (or the scenario as it is) and each variant: the chance that a page which was waited for must be read once
 * more, and once more, with intervals. Returns exit code 0, or 4 when a variant stopped in a way that the scenario does not announce.
 *
 * @throws UsageError for a grid, variant or value that is none.
 */
function retry(options: RetryOptions, streams: Streams): number {
  const { cells } = gridCells(options.scenario, options.grid, options.set);
  const seeds = parseSeeds(options.seed, options.seeds, 1);
  const variants = parseVariants(
    options.variants === undefined ? (cells[0]?.scenario.variants ?? []) : [options.variants],
  );
  const curves: unknown[] = [];
  let stopped = false;
  for (const { cell, scenario } of cells) {
    for (const variant of variants) {
      const outcome = replicate(scenario, variant, seeds, [], { checkInvariants: false }, (seed) =>
        streams.progress(`${Object.values(cell).join(" ")} ${variant.name} seed ${seed}`),
      );
      streams.progress("");
      stopped ||= isUnexpected(scenario, outcome);
      const steps = retryCurve(outcome.metrics);
      curves.push({ cell, variant: variant.name, seeds: seeds.length, ending: outcome.ending, steps });
      if (options.format === "json") continue;
      const where = Object.entries(cell).map(([path, value]) => `${path}=${value} `);
      streams.out(`${streams.strong(`${where.join("")}${variant.name}`)}\n${retryText(steps)}\n\n`);
    }
  }
  if (options.format === "json") {
    const { scenario } = options;
    streams.out(`${JSON.stringify({ schema: "gupsim/retry/v1", scenario, curves }, null, 2)}\n`);
  } else {
    streams.out("P(again): of the pages whose n-th read was waited for, those that had to be read once more.\n");
    streams.out("of all: of all pages read. if independent: the same if each read were lost as often as the first.\n");
  }
  return stopped ? exitCodes.stopped : exitCodes.ok;
}
