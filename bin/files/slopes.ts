import type { SlopeData } from "../../reports/charts/slope.ts";
import type { SweepRow } from "../../reports/files/sweep.ts";
import { parseDuration, UnitError } from "../../scenarios/units.ts";
import { columnName, type Statistic } from "../../sim/study/statistic.ts";
import { UsageError } from "../cli/exit-codes.ts";
import type { OutputFolder } from "./files.ts";

/**
 * Checks that a sweep can be drawn as a slope: over one path, whose values are durations.
 *
 * @param values of the grid's first path, as written.
 * @throws UsageError when it cannot.
 */
export function checkSlope(paths: readonly string[], values: readonly string[], columns: readonly Statistic[]): void {
  const wanted = "draws times against a duration";
  if (paths.length > 1) throw new UsageError(`--out ${wanted}: the grid may have one path, got ${paths.join(" and ")}`);
  for (const value of values) sweptTime(value, `--out ${wanted}: `);
  if (!columns.some(isTime)) throw new UsageError(`--out ${wanted}: no column is a time: they are counts and rates`);
}

/** Writes a picture of each column that is a time; returns the paths written. The rows have passed {@link checkSlope}. */
export async function writeSlopes(
  folder: OutputFolder,
  scenario: string,
  columns: readonly Statistic[],
  rows: readonly SweepRow[],
): Promise<string[]> {
  const { slopePicture } = await import("../../reports/charts/charts.ts");
  const written: string[] = [];
  for (const column of columns.filter(isTime).map(columnName)) {
    const [path = ""] = Object.keys(rows[0]?.cell ?? {});
    const swept = rows.map((row) => ({ swept_ns: sweptTime(row.cell[path] ?? "", ""), row }));
    const data: SlopeData = { scenario, path, column, rows: swept };
    const { name, bytes } = await slopePicture(data, "png");
    // A name for every file system: `slope.mmap_sem.wait.mode-R.p50.png`.
    const file = `${column.replace(/[^\w=.]+/g, ".").replaceAll("=", "-")}.png`;
    written.push(folder.write(name.replace("png", file), bytes));
  }
  return written;
}

function isTime({ aggregate }: Statistic): boolean {
  return aggregate.kind !== "count" && aggregate.kind !== "rate";
}

function sweptTime(value: string, before: string): number {
  try {
    const ns = parseDuration(value);
    if (ns === 0) throw new UsageError(`${before}"${value}" has no place on a log axis`);
    return ns;
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`${before}${error.message}`);
    throw error;
  }
}
