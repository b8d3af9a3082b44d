import type { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { aged, samplesOf as samplesIn } from "../../sim/study/statistic.ts";
import type { Mode } from "../../sim/trace/kinds.ts";
import { formatCount, threeSignificant } from "../words/format-duration.ts";
import type { ReportData } from "../documents/report-data.ts";
import { panelWords, type Point } from "./annotations.ts";
import { budgetLines, type MarkPlace } from "./budget-lines.ts";
import { captionColumns, type ChartPoint, chartOptions, chartTexts, type LineChart } from "./line-chart.ts";
import { font, ink, lineLook, strokeOf } from "./style.ts";
import { wrap } from "../words/sentences.ts";

/** What pictures are drawn from. */
export type PictureData = Pick<ReportData, "scenario" | "budgets" | "complete" | "variants">;

/** A metric that pictures show, and lock_stat's word for it. */
export type DrawnMetric = "mmap_sem.hold" | "mmap_sem.wait";
export const wordOf: Readonly<Record<DrawnMetric, string>> = {
  "mmap_sem.hold": "holdtime",
  "mmap_sem.wait": "waittime",
};

/** The samples of one mode, variant by variant. */
export interface ModePanel {
  readonly mode: Mode;
  readonly lines: readonly {
    readonly variant: string;
    /** With those that had not ended, as long as their age. */
    readonly samples: Histogram;
    /** How many those are. */
    readonly open: number;
  }[];
}

/** The samples of a metric: readers, then writers. */
export function modePanels(data: PictureData, metric: DrawnMetric): [ModePanel, ModePanel] {
  const panel = (mode: Mode): ModePanel => ({
    mode,
    lines: data.variants.map(({ outcome: { variant, metrics } }) => {
      const all = samplesIn(metrics, metric, { mode });
      return { variant, samples: aged(all), open: all.open.count };
    }),
  });
  return [panel("R"), panel("W")];
}

/** All samples of the panels, line by line. */
export function samplesOf(panels: readonly ModePanel[]): Histogram[] {
  return panels.flatMap(({ lines }) => lines.map(({ samples }) => samples));
}

/** What distinguishes one picture with two panels from another. */
export interface PanelPicture {
  readonly metric: DrawnMetric;
  /** After the scenario and the metric. */
  readonly title: string;
  /** What the vertical axis says of readers, of writers. */
  readonly yTitle: string;
  /** What is shown, in words, for the caption. */
  readonly shows: string;
  readonly panels: readonly ModePanel[];
  readonly x: object;
  readonly y: object;
  /** A place in the middle of a panel, in the units of its axes, for words where there is nothing to draw. */
  readonly middle: Point;
  readonly pointsOf: (samples: Histogram) => ChartPoint[];
  /** True when the area under a line is tinted. */
  readonly filled: boolean;
  readonly marks: readonly MarkPlace[];
}

/** The picture: readers above, writers below, the variants over one another, budgets over them, and what n is. */
export function panelChart(data: PictureData, picture: PanelPicture): LineChart {
  const { panels, filled, pointsOf, marks, middle } = picture;
  const words = panels.flatMap((panel) => {
    const nothing = emptyPanel(panel, picture.metric);
    return nothing === null ? [] : [panelWords(panel.mode, middle, nothing)];
  });
  return {
    type: "scatter",
    data: {
      datasets: panels.flatMap(({ mode, lines }) =>
        lines.map(({ variant, samples }, i) => ({
          label: variant,
          data: pointsOf(samples),
          yAxisID: `y${mode}`,
          ...lineLook(i),
          ...(filled ? { backgroundColor: `${strokeOf(i).colour}22`, fill: "start" } : {}),
        })),
      ),
    },
    options: {
      ...chartOptions,
      // Stacked from the bottom.
      scales: { x: picture.x, yW: stacked(picture, "W"), yGap: gap, yR: stacked(picture, "R") },
      plugins: {
        ...chartTexts(
          `${data.scenario.name}: mmap_sem ${wordOf[picture.metric]}, ${picture.title}`,
          data.variants.map(({ outcome }) => outcome.variant),
          [...panels.flatMap(samplesLine), ...wrap(`${picture.shows}; ${sourceLine(data)}`, captionColumns, "")],
        ),
        annotation: { annotations: [...budgetLines(marks), ...words] },
      },
    },
  };
}

function stacked({ y, yTitle }: PanelPicture, mode: Mode): object {
  const text = `${mode === "R" ? "readers" : "writers"} (-${mode}), ${yTitle}`;
  return {
    ...y,
    stack: "panels",
    stackWeight: 1,
    offset: false,
    title: { display: true, text, color: ink, font: font(13) },
  };
}

const gap = {
  type: "linear",
  stack: "panels",
  stackWeight: 0.1,
  ticks: { display: false },
  grid: { display: false },
  border: { display: false },
} as const;

/** Why there is no line in a panel; null when there is one. */
function emptyPanel({ mode, lines }: ModePanel, metric: DrawnMetric): string | null {
  const all = lines.map(({ samples }) => samples);
  if (all.some(({ max }) => max > 0)) return null;
  const who = mode === "R" ? "reader" : "writer";
  if (all.every(({ count }) => count === 0)) return `no ${who} took the lock`;
  return metric === "mmap_sem.wait" ? `no ${who} waited: all times are 0` : "all times are 0";
}

/** How many samples each variant has in a panel. Zeros have no place on a log axis, so they are told in words. */
function samplesLine({ mode, lines }: ModePanel): string[] {
  const parts = lines.map(
    ({ variant, samples, open }) =>
      `${variant} n = ${formatCount(samples.count)}${atZero(samples)}${open === 0 ? "" : `, ${formatCount(open)} not ended: drawn at their age, they are longer`}`,
  );
  return wrap(`-${mode}: ${parts.join("; ")}`, captionColumns, "");
}

function atZero(samples: Histogram): string {
  let zeros = 0;
  samples.forEachBucket((lo, _hi, count) => {
    if (lo === 0) zeros = count;
  });
  return zeros === 0 ? "" : ` (${threeSignificant((100 * zeros) / samples.count)} % at 0)`;
}

function sourceLine({ scenario, complete, variants }: PictureData): string {
  if (scenario.recording !== undefined) return `gupsim, recording ${scenario.name}`;
  const seeds = variants[0]?.outcome.seeds ?? [];
  const listed = seeds.length > 8 ? `${seeds[0]} … ${seeds.at(-1)} (${seeds.length})` : seeds.join(", ");
  const missing = complete ? "" : ", interrupted: some are missing";
  return `gupsim, scenario ${scenario.name}, ${seeds.length === 1 ? "seed" : "seeds"} ${listed}${missing}`;
}
