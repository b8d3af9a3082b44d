import type { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { logBins } from "../words/log-bins.ts";
import { type BudgetMark, budgetMarks, hangingLabel, labelRoom, type MarkPlace } from "./budget-lines.ts";
import type { ChartPoint, LineChart } from "./line-chart.ts";
import { type DrawnMetric, modePanels, panelChart, type PictureData, samplesOf, wordOf } from "./panels.ts";
import { decadeBelow, middleOf, percentAxis } from "./axes/percent-axis.ts";
import { timeAxis, timeRange, type TimeRange } from "./axes/time-axis.ts";

/** Where a share that is not zero may begin on the log axis, percent: less than one value in a hundred thousand. */
const floorPercent = 0.001;

/**
 * The histograms of a metric: shares of all samples in log-spaced bins, on log axes both ways because the tail is what matters.
 * Budgets that limit a duration are lines.
 */
export function histogramChart(data: PictureData, metric: DrawnMetric): LineChart {
  const panels = modePanels(data, metric);
  const all = samplesOf(panels);
  const marks = budgetMarks(data.budgets, metric).filter(({ of }) => of === "duration");
  const times = marks.map(({ ns }) => ns);
  const range = timeRange(all, times);
  const lowest = lowestPercent(all);
  const y = percentAxis(lowest, labelRoom(marks));
  return panelChart(data, {
    metric,
    title: "histogram",
    yTitle: "%",
    shows: "% of all samples in bins of a quarter octave",
    panels,
    x: timeAxis(`${wordOf[metric]} (log scale)`, range),
    y,
    middle: [(range[0] + range[1]) / 2, middleOf(lowest)],
    pointsOf: (samples) => outline(samples, lowest),
    filled: true,
    marks: marks.map((mark) => verticalLine(mark, range, y)),
  });
}

/** The upper edge of the bins as steps that begin and end on the axis, with a gap where bins are empty; log10 ns, percent. */
function outline(samples: Histogram, lowest: number): ChartPoint[] {
  const points: ChartPoint[] = [];
  let end: number | null = null;
  for (const { lo, hi, percent } of logBins(samples)) {
    const left = Math.log10(lo);
    if (end !== null && percent === 0) points.push({ x: end, y: lowest }, { x: end, y: null });
    if (end === null && percent > 0) points.push({ x: left, y: lowest });
    end = percent > 0 ? Math.log10(hi) : null;
    if (end !== null) points.push({ x: left, y: percent }, { x: end, y: percent });
  }
  if (end !== null) points.push({ x: end, y: lowest });
  return points;
}

/** The bottom of the percent axes: the decade below the smallest share, so that even one value is seen to stand. */
function lowestPercent(all: readonly Histogram[]): number {
  const shares = all.flatMap((samples) => logBins(samples)).map(({ percent }) => percent);
  const smallest = Math.min(1, ...shares.filter((share) => share > 0));
  return Math.max(floorPercent, decadeBelow(smallest / 1.5));
}

function verticalLine({ mode, ns, label }: BudgetMark, range: TimeRange, y: { min: number; max: number }): MarkPlace {
  const x = Math.log10(ns);
  const [bottom, top] = [[x, y.min] as const, [x, y.max] as const];
  return { mode, label, points: [bottom, top], ...hangingLabel(x, y.max, range) };
}
