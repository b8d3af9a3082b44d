import { csvHead, csvRow, defaultColumns, type SweepRow, sweepRow } from "../../../reports/files/sweep.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { OutputFolder } from "../../files/files.ts";
import { gridCells, gridOptions, gridPositionals } from "../../cli/arguments/grid.ts";
import { parseColumn } from "../../cli/arguments/metric-option.ts";
import { command } from "../../cli/command.ts";
import { choice, type Values, value, values } from "../../cli/options.ts";
import { isUnexpected, replicate } from "../../study/replications.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import { checkSlope, writeSlopes } from "../../files/slopes.ts";
import type { Streams } from "../../cli/streams.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";

const declared = {
  ...gridOptions,
  metric: values("METRIC:STAT, for example 'mmap_sem.wait{mode=R}:p99'; repeat for more columns"),
  out: value("folder for a picture of each time against the one swept"),
  format: choice(["csv", "ndjson"], "csv", "how to print the rows"),
};

type SweepOptions = Values<typeof gridPositionals & typeof declared>;

export default command({ positionals: gridPositionals, options: declared, run: sweep });

/**
 * Runs each cell of a grid of scenario values (the scenario's own when none is given), each variant in it, and prints a row of each as soon as it is there. Every cell's
 * scenario is checked before the first is simulated. With a folder it draws each column too. Returns exit code 0, or 4 when a variant stopped in a way that the scenario does
 * not announce.
 *
 * @throws UsageError for a grid, metric, variant or value that is none, and when a picture is asked for of what cannot be drawn;
 * EnvironmentError when the folder cannot be written.
 */
async function sweep(options: SweepOptions, streams: Streams): Promise<number> {
  const { paths, cells } = gridCells(options.scenario, options.grid, options.set);
  if (paths.length === 0) throw new UsageError("sweep needs a grid: --grid tasks.vcpus.count=2,4,8");
  const asked = options.metric.length === 0 ? (cells[0]?.scenario.sweep?.metrics ?? []) : options.metric;
  const columns = asked.length === 0 ? defaultColumns : asked.map(parseColumn);
  const seeds = parseSeeds(options.seed, options.seeds, 1);
  const named = options.variants === undefined ? (cells[0]?.scenario.variants ?? []) : [options.variants];
  const variants = parseVariants(named);

  const [path = ""] = paths;
  if (options.out !== undefined)
    checkSlope(
      paths,
      cells.map(({ cell }) => cell[path] ?? ""),
      columns,
    );
  const folder = options.out === undefined ? null : new OutputFolder(options.out);

  let stopped = false;
  const rows: SweepRow[] = [];
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
      rows.push(row);
      streams.out(`${options.format === "csv" ? csvRow(row) : JSON.stringify(row)}\n`);
    }
  }
  const written = folder === null ? [] : await writeSlopes(folder, cells[0]?.scenario.name ?? "", columns, rows);
  if (!streams.quiet) for (const file of written) streams.err(`wrote ${file}\n`);
  return stopped ? exitCodes.stopped : exitCodes.ok;
}
