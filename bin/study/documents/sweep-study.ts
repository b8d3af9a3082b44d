import type { SweepDocument } from "../../../reports/documents/sweep.ts";
import { defaultColumns, type SweepRow, sweepRow } from "../../../reports/files/sweep.ts";
import { type PointFound, points } from "../../../sim/study/plan/grid.ts";
import { columnName, type Statistic } from "../../../sim/study/statistic.ts";
import { type GridOptions, type GridPoints, gridPoints } from "../../cli/arguments/grid.ts";
import { parseColumn } from "../../cli/arguments/metric-option.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import { UsageError } from "../../cli/exit-codes.ts";
import { carryOut, type Means } from "../carry-out.ts";

/** What is to be swept: checked, and not begun. */
export interface SweepWanted extends GridPoints {
  readonly columns: readonly Statistic[];
  readonly seeds: readonly string[];
}

/** What a sweep came to. */
export interface SweepStudy {
  readonly document: SweepDocument;
  /** A variant stopped in a way that the scenario does not announce. */
  readonly isUnexpected: boolean;
}

/** What is to be swept. @param options with the columns, `METRIC:STAT`. @throws UsageError; ScenarioError for a value that does not fit. */
export function sweepWanted(options: Omit<GridOptions, "jobs"> & { readonly metric: readonly string[] }): SweepWanted {
  const grid = gridPoints(options);
  if (grid.paths.length === 0) throw new UsageError("sweep needs a grid: --grid tasks.vcpus.count=2,4,8");
  const metrics = options.metric.length === 0 ? (grid.cells[0]?.scenario.sweep?.metrics ?? []) : options.metric;
  const columns = metrics.length === 0 ? defaultColumns : metrics.map(parseColumn);
  return { ...grid, columns, seeds: parseSeeds(options.seed, options.seeds, 1) };
}

/**
 * Runs each cell of the grid, each variant in it. After an interruption the rows that are missing are missing.
 *
 * @param tell hears each row, in their order, as soon as it is there.
 * @throws ModelBug, EnvironmentError.
 */
export async function sweepStudy(
  { cells, list, paths, columns, seeds }: SweepWanted,
  means: Means,
  tell: (row: SweepRow) => void = () => {},
): Promise<SweepStudy> {
  const plan = points(list, seeds, (outcome, i, results) => sweepRow(list[i]?.cell ?? {}, outcome, results, columns));
  const found = await carryOut(plan, means, (one) => tell((one as PointFound<SweepRow>).made));
  const there = found.filter((one) => one !== null);
  const document: SweepDocument = {
    schema: "gupsim/sweep/v1",
    complete: there.length === found.length,
    scenario: cells[0]?.scenario.name ?? "",
    paths,
    columns: columns.map(columnName),
    seeds,
    rows: there.map(({ made }) => made),
  };
  return { document, isUnexpected: there.some((one) => one.isUnexpected) };
}
