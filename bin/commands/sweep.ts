import { csvHead, csvRow, defaultColumns, type SweepColumn, sweepRow, sweepStats } from "../../reports/sweep.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { exitCodes, UsageError } from "../exit-codes.ts";
import { isUnexpected, replicate } from "../replications.ts";
import { scenarioArgument } from "../scenario-argument.ts";
import { parseSeeds } from "../seeds.ts";
import type { Streams } from "../streams.ts";
import { parseVariants } from "../variants.ts";

/** Most cells of one sweep. */
const maxCells = 10_000;

export interface SweepOptions {
  readonly scenario: string;
  /** `path=a,b,…`, each an axis of the grid; the last one runs fastest. */
  readonly grid: readonly string[];
  readonly variants: string | undefined;
  readonly set: readonly string[];
  readonly seed: readonly string[];
  readonly seeds: string | undefined;
  /** `METRIC:STAT`. */
  readonly metric: readonly string[];
  readonly format: string;
}

interface Axis {
  readonly path: string;
  readonly values: readonly string[];
}

/**
 * Runs each cell of a grid of scenario values, each variant in it, and prints a row of each as soon as it is there. Every cell's
 * scenario is checked before the first is simulated. Returns exit code 0, or 4 when a variant stopped in a way that the scenario does
 * not announce.
 *
 * @throws UsageError for a grid, metric, variant or value that is none.
 */
export function sweep(options: SweepOptions, streams: Streams): number {
  const axes = options.grid.map(parseAxis);
  if (axes.length === 0) throw new UsageError("sweep needs a grid: --grid tasks.vcpus.count=2,4,8");
  const columns = options.metric.length === 0 ? defaultColumns : options.metric.map(parseColumn);
  const seeds = parseSeeds(options.seed, options.seeds, 1);
  const cells = cellsOf(axes).map((cell) => ({ cell, scenario: scenarioOf(options, cell) }));
  const named = options.variants === undefined ? (cells[0]?.scenario.variants ?? []) : [options.variants];
  const variants = parseVariants(named);

  let stopped = false;
  if (options.format === "csv") {
    streams.out(
      `${csvHead(
        axes.map(({ path }) => path),
        columns,
      )}\n`,
    );
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

function parseAxis(text: string): Axis {
  const equals = text.indexOf("=");
  if (equals < 1)
    throw new UsageError(`--grid ${text}: expected PATH=VALUE,VALUE,…, for example tasks.vcpus.count=2,4,8`);
  const values = splitValues(text.slice(equals + 1));
  if (values.some((value) => value === "")) throw new UsageError(`--grid ${text}: a value is empty`);
  return { path: text.slice(0, equals), values };
}

/** Splits at the commas outside braces and brackets, so that a value may be a law. */
function splitValues(text: string): string[] {
  const values: string[] = [];
  let depth = 0;
  let value = "";
  for (const letter of text) {
    if (letter === "{" || letter === "[") depth++;
    if (letter === "}" || letter === "]") depth--;
    if (letter === "," && depth === 0) {
      values.push(value.trim());
      value = "";
    } else value += letter;
  }
  return [...values, value.trim()];
}

function cellsOf(axes: readonly Axis[]): Record<string, string>[] {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > maxCells) throw new UsageError(`--grid: ${count} cells, at most ${maxCells} are allowed`);
  return axes.reduce<Record<string, string>[]>(
    (cells, { path, values }) => cells.flatMap((cell) => values.map((value) => ({ ...cell, [path]: value }))),
    [{}],
  );
}

function scenarioOf(options: SweepOptions, cell: Record<string, string>): Scenario {
  const sets = Object.entries(cell).map(([path, value]) => `${path}=${value}`);
  return scenarioArgument(options.scenario, [...options.set, ...sets]).scenario;
}

function parseColumn(text: string): SweepColumn {
  const [, metric, stat] = /^(.+):([a-z0-9]+)$/.exec(text) ?? [];
  const known = sweepStats.find((name) => name === stat);
  if (metric === undefined || known === undefined) {
    throw new UsageError(`--metric ${text}: expected METRIC:STAT, STAT one of ${sweepStats.join(", ")}`);
  }
  return { metric, stat: known };
}
