import type { Scenario } from "../../../sim/scenario.ts";
import { UsageError } from "../exit-codes.ts";
import type { Point } from "../../../sim/study/plan/grid.ts";
import { type Values, value, values } from "../options.ts";
import { jobsOption } from "./simulation-options.ts";
import { parseVariants } from "./variants.ts";
import { scenarioArgument, scenarioPositional, setOption } from "./scenario-argument.ts";
import { seedOptions } from "./seeds.ts";

/** Most cells of one grid. */
const maxCells = 10_000;

/** The scenario that is varied. */
export const gridPositionals = { scenario: scenarioPositional };

/** What the commands over a grid have in common. */
export const gridOptions = {
  grid: values("PATH=VALUE,VALUE,…; repeat for more axes (default: the scenario's own)"),
  variants: value("kernels, separated by commas"),
  set: setOption,
  jobs: jobsOption,
  ...seedOptions("N: seeds 1 to N (default 1)"),
};

/** What was given of them. */
export type GridOptions = Values<typeof gridPositionals & typeof gridOptions>;

interface Axis {
  readonly path: string;
  readonly values: readonly string[];
}

/** One cell: the value of each path as it was written, and the scenario with them. */
export interface GridCell {
  readonly cell: Readonly<Record<string, string>>;
  readonly scenario: Scenario;
}

/**
 * The cells of a grid of scenario values, the last axis fastest; of the scenario's own grid when none is given; one cell, without paths,
 * when it has none either. All are checked before the first is returned.
 *
 * @param grid `path=a,b,…`, each an axis; commas inside braces and brackets belong to the value.
 * @throws UsageError for a grid that is none; ScenarioError for a value that does not fit.
 */
export function gridCells(
  scenario: string,
  grid: readonly string[],
  sets: readonly string[],
): { paths: string[]; cells: GridCell[] } {
  const base = scenarioArgument(scenario, sets).scenario;
  const axes = (grid.length === 0 ? (base.sweep?.grid ?? []) : grid).map(parseAxis);
  const cells = cellsOf(axes).map((cell): GridCell => {
    const changes = Object.entries(cell).map(([path, value]) => `${path}=${value}`);
    return { cell, scenario: scenarioArgument(scenario, [...sets, ...changes]).scenario };
  });
  return { paths: axes.map(({ path }) => path), cells };
}

/** What a grid asks for: its paths, its cells, and of each cell every variant as a point. */
export interface GridPoints {
  readonly paths: readonly string[];
  readonly cells: readonly GridCell[];
  readonly list: readonly (GridCell & Point)[];
  /** How a user asks for the scenario of one cell. */
  asked(of: Pick<GridCell, "scenario">): { readonly scenario: string; readonly set: readonly string[] };
}

/**
 * The points of a grid: the variants of the first cell's scenario, unless others are asked for, in each cell.
 *
 * @throws UsageError for a grid or a variant that is none; ScenarioError for a value that does not fit.
 */
export function gridPoints({
  scenario,
  grid,
  set,
  variants,
}: Pick<GridOptions, "scenario" | "grid" | "set" | "variants">): GridPoints {
  const { paths, cells } = gridCells(scenario, grid, set);
  const named = parseVariants(variants === undefined ? (cells[0]?.scenario.variants ?? []) : [variants]);
  const list = cells.flatMap((cell) => named.map((variant) => ({ ...cell, variant })));
  const changes = new Map(
    cells.map((one) => [one.scenario, Object.entries(one.cell).map(([path, value]) => `${path}=${value}`)]),
  );
  const asked: GridPoints["asked"] = (of) => ({ scenario, set: [...set, ...(changes.get(of.scenario) ?? [])] });
  return { paths, cells, list, asked };
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
