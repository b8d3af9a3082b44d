import type { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { type BudgetMark, budgetMarks, hangingLabel, labelRoom, type MarkPlace } from "./budget-lines.ts";
import type { ChartPoint, LineChart } from "./line-chart.ts";
import { type DrawnMetric, modePanels, panelChart, type PictureData, samplesOf, wordOf } from "./panels.ts";
import { tailPoints } from "./tail.ts";
import { logAxis, timeAxis, timeRange } from "./axes/time-axis.ts";

/**
 * HdrHistogram's percentile plot of a metric: as far right as the share of longer samples is small, on log axes both ways. A line
 * ends with its largest sample: what more samples would show is not guessed. A budget is a corner that the line of what it is about
 * has to pass below and to the right of; `max` budgets are lines.
 */
export function percentileChart(data: PictureData, metric: DrawnMetric): LineChart {
  const panels = modePanels(data, metric);
  const all = samplesOf(panels);
  const marks = budgetMarks(data.budgets, metric).filter(({ share }) => share !== null);
  const times = marks.map(({ ns }) => ns);
  const range = timeRange(all, times);
  const ends = [...all.map(({ count }) => count), ...marks.map(({ share }) => 1 / (share || 1))];
  const right = Math.max(1, Math.ceil(Math.log10(Math.max(...ends)) - 1e-9));
  const decades = Array.from({ length: right + 1 }, (_, i) => i);
  const y = timeAxis("", range, labelRoom(marks));
  return panelChart(data, {
    metric,
    title: "percentiles",
    yTitle: wordOf[metric],
    shows: "so many % of all samples are not longer than y; a line ends with its largest sample",
    panels,
    x: logAxis(`percentile of ${wordOf[metric]}`, [0, right], decades, percentileLabel),
    y,
    middle: [right / 2, (range[0] + range[1]) / 2],
    pointsOf: (samples) => percentiles(samples, range[0]),
    filled: false,
    marks: marks.map((mark) => corner(mark, right, y.max)),
  });
}

/** log10 of 1 / (share of longer ones), log10 ns. Begins on the axis when a part of the samples is 0. */
function percentiles(samples: Histogram, bottom: number): ChartPoint[] {
  const { count } = samples;
  const points = tailPoints(samples).map(({ ns, above }) => {
    return { x: Math.log10(count / Math.max(1, above)), y: Math.log10(ns) };
  });
  const [first] = points;
  return first === undefined || first.x === 0 ? points : [{ x: first.x, y: bottom }, ...points];
}

function corner({ mode, ns, share, label }: BudgetMark, right: number, top: number): MarkPlace {
  const y = Math.log10(ns);
  const left = [0, y] as const;
  if (!share) return { mode, label, points: [left, [right, y]], at: left, sits: "above", reads: "right" };
  const x = -Math.log10(share);
  return { mode, label, points: [left, [x, y], [x, top]], ...hangingLabel(x, top, [0, right]) };
}

/** `0 %`, `90 %`, `99 %`, `99.9 %` of 0, 1, 2, 3. */
function percentileLabel(nines: number): string {
  if (nines === 0) return "0 %";
  if (nines === 1) return "90 %";
  return `99${nines > 2 ? "." : ""}${"9".repeat(nines - 2)} %`;
}
