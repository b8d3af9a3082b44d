import type { ChartConfiguration } from "chart.js";
import { family, font, grey, ink, strokeOf } from "./style.ts";

/** A point of a line; without `y` the line has a gap. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number | null;
}

/** The configuration of a picture of lines. */
export type LineChart = ChartConfiguration<"scatter", ChartPoint[]>;

/** Characters of a caption that fit a line. */
export const captionColumns = 145;

/** What all pictures have in common. */
export const chartOptions = {
  responsive: false,
  animation: false,
  devicePixelRatio: 1,
  layout: { padding: { left: 8, right: 34, top: 6, bottom: 6 } },
  font: { family },
} as const;

/** The title above, the variants' legend below it, and the caption at the foot. */
export function chartTexts(title: string, legend: readonly string[], caption: readonly string[]) {
  return {
    title: { display: true, text: title, color: ink, font: font(17, "bold"), padding: { top: 4, bottom: 4 } },
    subtitle: {
      display: true,
      position: "bottom" as const,
      text: [...caption],
      color: grey,
      font: font(12),
      padding: { top: 8 },
    },
    legend: {
      labels: {
        color: ink,
        font: font(13),
        usePointStyle: true,
        pointStyle: "line" as const,
        pointStyleWidth: 46,
        // Chart.js' own labels have no dashes, and would name every variant once a panel.
        generateLabels: () => legend.map(legendItem),
      },
    },
  };
}

function legendItem(text: string, variant: number) {
  const { colour, dash } = strokeOf(variant);
  return {
    text,
    fontColor: ink,
    strokeStyle: colour,
    lineWidth: 2.5,
    lineDash: [...dash],
    pointStyle: "line" as const,
  };
}
