import { formatCount } from "../words/format-duration.ts";
import type { SweepRow } from "../files/sweep.ts";
import { captionColumns, chartOptions, chartTexts, type LineChart } from "./line-chart.ts";
import { lineLook } from "./style.ts";
import { logAxis, timeAxis, timeLabel, timeRange } from "./axes/time-axis.ts";
import { wrap } from "../words/sentences.ts";

/** Labels that fit the axis. */
const mostLabels = 12;

/** A sweep over one duration, and the statistic of it that is drawn. */
export interface SlopeData {
  readonly scenario: string;
  /** The path that was swept: `devices.swapdev.latency`. */
  readonly path: string;
  /** A column of the rows that is a duration: `mmap_sem.wait{mode=R}:mean`. */
  readonly column: string;
  /** A row with the value of the path in it, ns, above 0. */
  readonly rows: readonly { readonly swept_ns: number; readonly row: SweepRow }[];
}

interface SlopePoint {
  readonly swept_ns: number;
  readonly ns: number;
}

/** One variant's values: those above 0, and where there is none that a log axis could show. */
interface SlopeLine {
  readonly variant: string;
  readonly points: readonly SlopePoint[];
  readonly zeros: readonly number[];
  readonly missing: readonly number[];
}

/**
 * What others wait against the latency of the device, say: one line a variant on log axes both ways, where proportion is a slope of 1.
 * The fitted slope, the elasticity, stands in the legend; values of 0 have no place on the axes and are told in words.
 */
export function slopeChart(data: SlopeData): LineChart {
  const lines = linesOf(data);
  const swept = [...new Set(data.rows.map(({ swept_ns }) => Math.log10(swept_ns)))].sort((a, b) => a - b);
  const range = timeRange(
    [],
    lines.flatMap(({ points }) => points.map(({ ns }) => ns)),
  );
  return {
    type: "scatter",
    data: {
      datasets: lines.map(({ variant, points }, i) => ({
        label: variant,
        data: points.map(({ swept_ns, ns }) => ({ x: Math.log10(swept_ns), y: Math.log10(ns) })),
        ...lineLook(i),
        pointRadius: 4,
        pointBackgroundColor: lineLook(i).borderColor,
      })),
    },
    options: {
      ...chartOptions,
      scales: {
        x: sweptAxis(`${data.path} (log scale)`, swept),
        y: timeAxis(`${data.column} (log scale)`, range),
      },
      plugins: {
        ...chartTexts(`${data.scenario}: ${data.column}`, lines.map(legendText), captionOf(data, lines)),
      },
    },
  };
}

/** Labelled where values were swept, or at round times when those are too many. */
function sweptAxis(title: string, swept: readonly number[]) {
  const [first = 6, last = 6] = [swept[0], swept.at(-1)];
  const range = [first - 0.05, last + 0.05] as const;
  return swept.length > mostLabels ? timeAxis(title, range) : logAxis(title, range, swept, timeLabel);
}

/**
 * The exponent b of y = a x^b, fitted by least squares on logarithms: 1 is proportion, 0 independence. Null with fewer than two
 * different x.
 */
export function elasticity(points: readonly SlopePoint[]): number | null {
  const logs = points.map(({ swept_ns, ns }) => [Math.log(swept_ns), Math.log(ns)] as const);
  const mean = (of: 0 | 1): number => logs.reduce((sum, log) => sum + log[of], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread > 0 ? logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread : null;
}

function linesOf({ rows, column }: SlopeData): SlopeLine[] {
  return [...new Set(rows.map(({ row }) => row.variant))].map((variant) => {
    const own = rows
      .filter(({ row }) => row.variant === variant)
      .map(({ swept_ns, row }) => ({ swept_ns, ns: row.values[column] ?? null }))
      .sort((a, b) => a.swept_ns - b.swept_ns);
    return {
      variant,
      points: own.flatMap(({ swept_ns, ns }) => (ns !== null && ns > 0 ? [{ swept_ns, ns }] : [])),
      zeros: own.flatMap(({ swept_ns, ns }) => (ns === 0 ? [swept_ns] : [])),
      missing: own.flatMap(({ swept_ns, ns }) => (ns === null ? [swept_ns] : [])),
    };
  });
}

function legendText({ variant, points, zeros }: SlopeLine): string {
  if (points.length === 0) return zeros.length > 0 ? `${variant}: 0 throughout` : `${variant}: no samples`;
  const slope = elasticity(points);
  return slope === null ? variant : `${variant}: elasticity ${slope.toFixed(2)}`;
}

function captionOf({ scenario, rows }: SlopeData, lines: readonly SlopeLine[]): string[] {
  const words = lines.flatMap(({ variant, zeros, missing }) => [
    ...(zeros.length > 0 ? [`${variant} is 0 at ${listed(zeros)}`] : []),
    ...(missing.length > 0 ? [`${variant} has no sample at ${listed(missing)}`] : []),
  ]);
  const seeds = Math.max(0, ...rows.map(({ row }) => row.seeds));
  return [
    ...(words.length === 0 ? [] : wrap(words.join("; "), captionColumns, "")),
    ...wrap(
      `elasticity: the slope of a least-squares line through the logarithms; gupsim, scenario ${scenario}, ${formatCount(seeds)} ${seeds === 1 ? "seed" : "seeds"} a point`,
      captionColumns,
      "",
    ),
  ];
}

function listed(swept: readonly number[]): string {
  return swept.map((ns) => timeLabel(Math.log10(ns))).join(", ");
}
