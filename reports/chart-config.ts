import type { ChartConfiguration } from "chart.js";
import type { Histogram } from "../sim/measure/histogram.ts";
import { samplesWhere } from "../sim/measure/metrics.ts";
import type { Mode } from "../sim/trace.ts";
import { formatCount, threeSignificant } from "./format-duration.ts";
import { logBins } from "./log-bins.ts";
import type { VariantOutcome } from "./outcome.ts";
import { wrap } from "./report-head.ts";

/** What a picture is drawn from: variants of one scenario with the same seeds. */
export interface ChartData {
  readonly scenario: string;
  readonly outcomes: readonly VariantOutcome[];
}

/** The configuration of a picture: lines over points, which may end (`null`). */
export type LineChart = ChartConfiguration<"scatter", { x: number; y: number | null }[]>;

/** Where a share that is not zero may begin on the log axis, percent: less than one value in a hundred thousand. */
const floorPercent = 0.001;
/** Characters of the caption that fit the picture. */
const captionColumns = 140;
const family = "DejaVu Sans";
const ink = "#222222";
const grey = "#666666";
const gridColour = "#e3e3e3";

interface Stroke {
  readonly colour: string;
  readonly dash: readonly number[];
}

/** Okabe and Ito's colours, told apart with any kind of colour vision; the dashes tell them apart without colours. */
const strokes: readonly Stroke[] = [
  { colour: "#d55e00", dash: [] },
  { colour: "#0072b2", dash: [7, 3] },
  { colour: "#009e73", dash: [2, 2] },
  { colour: "#cc79a7", dash: [10, 3, 2, 3] },
  { colour: "#e69f00", dash: [4, 4] },
  { colour: "#56b4e9", dash: [1, 3] },
];

const decades = [
  "1 ns",
  "10 ns",
  "100 ns",
  "1 µs",
  "10 µs",
  "100 µs",
  "1 ms",
  "10 ms",
  "100 ms",
  "1 s",
  "10 s",
  "100 s",
];

/**
 * The picture of one metric: readers above, writers below, the variants over one another; shares of all samples in
 * log-spaced bins, on log axes both ways because the tail is what matters.
 *
 * @param metric a metric of `mmap_sem` with the tag `mode`.
 */
export function lineChart(data: ChartData, metric: "mmap_sem.hold" | "mmap_sem.wait"): LineChart {
  const word = metric === "mmap_sem.hold" ? "holdtime" : "waittime";
  const panels = (["R", "W"] as const).map((mode) =>
    data.outcomes.map(({ variant, metrics }) => ({ variant, samples: samplesWhere(metrics, metric, { mode }), mode })),
  );
  const lines = panels.flat();
  const [left, right] = timeRange(lines.map(({ samples }) => samples));
  const lowest = lowestPercent(lines.map(({ samples }) => samples));
  return {
    type: "scatter",
    data: {
      datasets: panels.flatMap((panel) =>
        panel.map(({ variant, samples, mode }, i) => {
          const { colour, dash } = strokeOf(i);
          return {
            label: variant,
            data: outline(samples, lowest),
            yAxisID: `y${mode}`,
            showLine: true,
            pointRadius: 0,
            borderColor: colour,
            // The first is drawn last; where variants agree, a later one is seen as a rim around it.
            borderWidth: 1.75 + 1.25 * Math.min(i, 2),
            borderDash: [...dash],
            backgroundColor: `${colour}22`,
            fill: "start",
          };
        }),
      ),
    },
    options: {
      responsive: false,
      animation: false,
      devicePixelRatio: 1,
      layout: { padding: { left: 8, right: 18, top: 6, bottom: 6 } },
      font: { family },
      scales: {
        x: {
          type: "linear",
          min: left,
          max: right,
          title: { display: true, text: `${word} (log scale)`, color: ink, font: { family, size: 13 } },
          ticks: {
            stepSize: 1,
            color: ink,
            font: { family, size: 12 },
            callback: (value) => decades[Number(value)] ?? "",
          },
          grid: { color: gridColour },
        },
        yW: percentAxis("writers", "W", lowest),
        yGap: {
          type: "linear",
          stack: "panels",
          stackWeight: 0.1,
          ticks: { display: false },
          grid: { display: false },
          border: { display: false },
        },
        yR: percentAxis("readers", "R", lowest),
      },
      plugins: {
        title: {
          display: true,
          text: `${data.scenario}: mmap_sem ${word}, readers and writers`,
          color: ink,
          font: { family, size: 17, weight: "bold" },
          padding: { top: 4, bottom: 4 },
        },
        subtitle: {
          display: true,
          position: "bottom",
          text: caption(data, panels),
          color: grey,
          font: { family, size: 11, weight: "normal" },
          padding: { top: 8 },
        },
        legend: {
          labels: {
            color: ink,
            font: { family, size: 13 },
            usePointStyle: true,
            pointStyle: "line",
            pointStyleWidth: 46,
            // Chart.js' own labels have no dashes, and would name every variant once a panel.
            generateLabels: () =>
              data.outcomes.map(({ variant }, i) => {
                const { colour, dash } = strokeOf(i);
                return {
                  text: variant,
                  fontColor: ink,
                  strokeStyle: colour,
                  lineWidth: 2.5,
                  lineDash: [...dash],
                  pointStyle: "line",
                };
              }),
          },
        },
      },
    },
  };
}

/** The upper edge of the bins as steps that begin and end on the axis, with a gap where bins are empty; log10 ns, percent. */
function outline(samples: Histogram, lowest: number): { x: number; y: number | null }[] {
  const points: { x: number; y: number | null }[] = [];
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

function strokeOf(variant: number): Stroke {
  return strokes[variant % strokes.length] as Stroke;
}

function percentAxis(who: string, mode: Mode, lowest: number) {
  return {
    type: "logarithmic" as const,
    stack: "panels",
    stackWeight: 1,
    offset: false,
    min: lowest,
    max: 100,
    title: { display: true, text: `${who} (-${mode}), %`, color: ink, font: { family, size: 13 } },
    ticks: {
      color: ink,
      font: { family, size: 11 },
      callback: (value: number | string) =>
        Number.isInteger(Math.round(Math.log10(Number(value)) * 1e9) / 1e9) ? `${value}` : null,
    },
    grid: { color: gridColour },
  };
}

/** The decades that hold all samples, at least one, as powers of ten of ns. */
function timeRange(all: readonly Histogram[]): [number, number] {
  const edges = all.flatMap((samples) => logBins(samples)).flatMap(({ lo, hi }) => [lo, hi]);
  if (edges.length === 0) return [3, 6];
  const left = Math.floor(Math.log10(Math.min(...edges)));
  return [left, Math.max(left + 1, Math.ceil(Math.log10(Math.max(...edges)) - 1e-9))];
}

/** The bottom of the percent axes: the decade below the smallest share, so that even one value is seen to stand. */
function lowestPercent(all: readonly Histogram[]): number {
  const shares = all.flatMap((samples) => logBins(samples)).map(({ percent }) => percent);
  const smallest = Math.min(1, ...shares.filter((share) => share > 0));
  return Math.max(floorPercent, 10 ** Math.floor(Math.log10(smallest / 1.5)));
}

function caption(data: ChartData, panels: readonly { variant: string; samples: Histogram; mode: Mode }[][]): string[] {
  const seeds = data.outcomes[0]?.seeds ?? [];
  const listed = seeds.length > 8 ? `${seeds[0]} … ${seeds.at(-1)} (${seeds.length})` : seeds.join(", ");
  const lines = panels.flatMap((panel) => {
    const parts = panel.map(({ variant, samples }) => `${variant} n = ${formatCount(samples.count)}${atZero(samples)}`);
    return wrap(`-${panel[0]?.mode}: ${parts.join("; ")}`, captionColumns, "");
  });
  return [
    ...lines,
    `% of all samples in bins of a quarter octave; gupsim, scenario ${data.scenario}, ${seeds.length === 1 ? "seed" : "seeds"} ${listed}`,
  ];
}

/** Zeros are in no bin of a log axis, so they are told in words. */
function atZero(samples: Histogram): string {
  let zeros = 0;
  samples.forEachBucket((lo, _hi, count) => {
    if (lo === 0) zeros = count;
  });
  return zeros === 0 ? "" : ` (${threeSignificant((100 * zeros) / samples.count)} % at 0)`;
}
