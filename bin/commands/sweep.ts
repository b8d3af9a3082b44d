import { csvHead, csvRow, defaultColumns, sweepRow } from "../../reports/sweep.ts";
import { exitCodes, UsageError } from "../exit-codes.ts";
import { type GridOptions, gridCells } from "../grid.ts";
import { parseColumn } from "../metric-option.ts";
import { isUnexpected, replicate } from "../replications.ts";
import { parseSeeds } from "../seeds.ts";
import type { Streams } from "../streams.ts";
import { parseVariants } from "../variants.ts";

export interface SweepOptions extends GridOptions {
  /** `METRIC:STAT`. */
  readonly metric: readonly string[];
}

/**
 * Runs each cell of a grid of scenario values (the scenario's own when none is given), each variant in it, and prints a row of each as soon as it is there. Every cell's
 * scenario is checked before the first is simulated. Returns exit code 0, or 4 when a variant stopped in a way that the scenario does
 * not announce.
 *
 * @throws UsageError for a grid, metric, variant or value that is none.
 */
export function sweep(options: SweepOptions, streams: Streams): number {
  const { paths, cells } = gridCells(options.scenario, options.grid, options.set);
  if (paths.length === 0) throw new UsageError("sweep needs a grid: --grid tasks.vcpus.count=2,4,8");
  const asked = options.metric.length === 0 ? (cells[0]?.scenario.sweep?.metrics ?? []) : options.metric;
  const columns = asked.length === 0 ? defaultColumns : asked.map(parseColumn);
  const seeds = parseSeeds(options.seed, options.seeds, 1);
  const named = options.variants === undefined ? (cells[0]?.scenario.variants ?? []) : [options.variants];
  const variants = parseVariants(named);

  let stopped = false;
  if (options.format === "csv") {
    streams.out(`${csvHead(paths, columns)}\n`);
  }
  for (const { cell, scenario } of cells) {
    for (const variant of variants) {
      const outcome = replicate(scenario, variant, seeds, [], { checkInvariants: false }, (seed) =>
        streams.progress(`${Object.values(cell).join(" ")} ${variant.name} seed ${seed}`),
      );
      stopped ||= isUnexpected(scenario, outcome);
      streams.progress("");
      const row = sweepRow(cell, outcome, columns);
      streams.out(`${options.format === "csv" ? csvRow(row) : JSON.stringify(row)}\n`);
    }
  }
  return stopped ? exitCodes.stopped : exitCodes.ok;
}
