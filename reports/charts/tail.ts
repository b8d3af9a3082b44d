import type { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { type BudgetMark, budgetMarks, hangingLabel, labelRoom, type MarkPlace } from "./budget-lines.ts";
import type { ChartPoint, LineChart } from "./line-chart.ts";
import { type DrawnMetric, modePanels, panelChart, type PictureData, samplesOf, wordOf } from "./panels.ts";
import { decadeBelow, middleOf, percentAxis } from "./axes/percent-axis.ts";
import { timeAxis, timeRange, type TimeRange } from "./axes/time-axis.ts";

/** Steps closer than this are drawn as one: less than a pixel. */
const cellsPerOctave = 64;

/** So many samples are longer than `ns`. */
export interface TailPoint {
  readonly ns: number;
  readonly above: number;
}

/**
 * The corners of the complementary distribution of all values above 0, in order: level between buckets, lower after each; the last
 * is the maximum, above which there is nothing.
 */
export function tailPoints(samples: Histogram): TailPoint[] {
  const points: TailPoint[] = [];
  let above = samples.count;
  let cell = Number.NEGATIVE_INFINITY;
  samples.forEachBucket((lo, hi, count) => {
    const before = above;
    above -= count;
    if (lo === 0) return;
    const own = Math.floor(Math.log2(lo) * cellsPerOctave);
    if (own === cell) points.pop();
    else points.push({ ns: lo, above: before });
    points.push({ ns: Math.min(hi, samples.max), above });
    cell = own;
  });
  return points;
}

/**
 * The tails of a metric: the share of all samples that are longer than x, on log axes both ways. A budget is a corner that the line of
 * what it is about has to pass below and to the left of; `max` budgets are lines.
 */
export function tailChart(data: PictureData, metric: DrawnMetric): LineChart {
  const panels = modePanels(data, metric);
  const all = samplesOf(panels);
  const marks = budgetMarks(data.budgets, metric).filter(({ share }) => share !== null);
  const times = marks.map(({ ns }) => ns);
  const range = timeRange(all, times);
  const lowest = lowestPercent(all, marks);
  const y = percentAxis(lowest, labelRoom(marks));
  return panelChart(data, {
    metric,
    title: "tail",
    yTitle: "% longer",
    shows: "% of all samples longer than x",
    panels,
    x: timeAxis(`${wordOf[metric]} x (log scale)`, range),
    y,
    middle: [(range[0] + range[1]) / 2, middleOf(lowest)],
    pointsOf: (samples) => tail(samples, range[0], lowest),
    filled: false,
    marks: marks.map((mark) => corner(mark, range, y)),
  });
}

function tail(samples: Histogram, left: number, lowest: number): ChartPoint[] {
  const points = tailPoints(samples);
  const [first] = points;
  if (first === undefined) return [];
  return [{ ns: 10 ** left, above: first.above }, ...points].map(({ ns, above }) => {
    return { x: Math.log10(ns), y: above === 0 ? lowest : (100 * above) / samples.count };
  });
}

/** The bottom of the percent axes: the decade below one sample, and below what a budget allows. */
function lowestPercent(all: readonly Histogram[], marks: readonly BudgetMark[]): number {
  const shares = [...all.map(({ count }) => (count === 0 ? 0 : 1 / count)), ...marks.map(({ share }) => share ?? 0)];
  const smallest = Math.min(0.01, ...shares.filter((share) => share > 0));
  return decadeBelow((100 * smallest) / 1.5);
}

/** From the top down to what is allowed, and from there to the right. */
function corner({ mode, ns, share, label }: BudgetMark, range: TimeRange, y: { min: number; max: number }): MarkPlace {
  const x = Math.log10(ns);
  const allowed = 100 * (share ?? 0);
  const top = [x, y.max] as const;
  const below: MarkPlace["points"] =
    allowed === 0
      ? [[x, y.min]]
      : [
          [x, allowed],
          [range[1], allowed],
        ];
  return { mode, label, points: [top, ...below], ...hangingLabel(x, y.max, range) };
}
