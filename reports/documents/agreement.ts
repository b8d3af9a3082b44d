import type { Metrics } from "../../sim/measure/metrics/metrics.ts";
import type { Measured, MeasuredCell, Tolerance } from "../../sim/measured.ts";
import { parseStatistic, valueIn } from "../../sim/study/statistic.ts";

/** What one seed of a simulation came to. */
export interface SeedResult {
  readonly metrics: Metrics;
  readonly simulated_ns: number;
}

/** One cell: simulated beside measured. Durations in ns. `verdict` is null where there is no tolerance. */
export interface AgreementRow {
  readonly cell: string;
  /** The median of the seeds; null when the simulation has no such metric. */
  readonly simulated: number | null;
  readonly simulated_range: readonly [number, number] | null;
  readonly measured: number;
  readonly measured_range: readonly [number, number] | null;
  readonly tolerance: string;
  readonly verdict: "agrees" | "differs" | null;
  /** True for a duration, false for a rate or a count. */
  readonly isDuration: boolean;
}

/** What `agree --format json` prints of one scenario and variant. */
export interface AgreementDocument {
  readonly schema: "gupsim/agreement/v1";
  readonly scenario: string;
  readonly variant: string;
  readonly source: string;
  readonly seeds: readonly string[];
  readonly rows: readonly AgreementRow[];
}

/** Compares each measured cell with the median of the seeds. A cell agrees inside its tolerance, or inside the measured range. */
export function agreement(measured: Measured, seeds: readonly SeedResult[]): AgreementRow[] {
  return Object.entries(measured.cells).map(([name, cell]) => {
    const values = seeds.map((seed) => cellValue(cell, seed)).filter((value) => value !== null);
    const simulated = values.length === seeds.length ? median(values) : null;
    return {
      cell: name,
      simulated,
      simulated_range: values.length === 0 ? null : [Math.min(...values), Math.max(...values)],
      measured: cell.value,
      measured_range: cell.range,
      tolerance: describeTolerance(cell.tolerance),
      verdict: verdictOf(cell, simulated, seeds),
      isDuration: cell.stat !== "rate" && cell.stat !== "count",
    };
  });
}

function verdictOf(
  cell: MeasuredCell,
  simulated: number | null,
  seeds: readonly SeedResult[],
): AgreementRow["verdict"] {
  const { tolerance, range } = cell;
  if (tolerance === null) return null;
  if (simulated === null) return "differs";
  const isInRange = range !== null && simulated >= range[0] && simulated <= range[1];
  return isInRange || isInside(simulated, cell, tolerance, seeds) ? "agrees" : "differs";
}

function isInside(value: number, cell: MeasuredCell, tolerance: Tolerance, seeds: readonly SeedResult[]): boolean {
  switch (tolerance.kind) {
    case "within":
      return Math.abs(value - cell.value) <= tolerance.share * cell.value;
    case "factor":
      return value <= cell.value * tolerance.factor && value >= cell.value / tolerance.factor;
    case "plus":
      return Math.abs(value - cell.value) <= tolerance.amount;
    case "rounds": {
      const medians = seeds.map(({ metrics, simulated_ns }) => seedValue(metrics, tolerance.of, "p50", simulated_ns));
      const round = median(medians.filter((one) => one !== null));
      const numbers = tolerance.number === null ? [1, 2, 3] : [tolerance.number];
      return numbers.some((number) => Math.abs(value / round - number) <= tolerance.share * number);
    }
  }
}

function cellValue({ metric, stat, per }: MeasuredCell, { metrics, simulated_ns }: SeedResult): number | null {
  const value = seedValue(metrics, metric, stat, simulated_ns);
  if (per === null || value === null) return value;
  return value / (seedValue(metrics, per, "count", simulated_ns) as number);
}

function seedValue(metrics: Metrics, metric: string, stat: string, simulated_ns: number): number | null {
  return valueIn(metrics, simulated_ns, parseStatistic(metric, stat))?.low ?? null;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function describeTolerance(tolerance: Tolerance | null): string {
  if (tolerance === null) return "no tolerance";
  const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
  switch (tolerance.kind) {
    case "within":
      return percent(tolerance.share);
    case "factor":
      return `factor ${tolerance.factor}`;
    case "plus":
      return tolerance.amount === 0 ? "exact" : `${tolerance.amount / 1000} us`;
    case "rounds":
      return `${tolerance.number ?? "1, 2 or 3"} holds, ${percent(tolerance.share)}`;
  }
}
