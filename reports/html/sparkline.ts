import type { Histogram } from "../../sim/measure/histogram.ts";
import { logBins } from "../log-bins.ts";
import { type Html, html } from "./escape.ts";
import { type LogAxis, round } from "./log-axis.ts";

/**
 * A distribution as small as a word: shares in bins of a quarter octave, on the axis that all rows of a table share. Zeros are a bar
 * at the left edge. The height is the square root of the share, so that a tail is seen.
 *
 * @param width, height px
 */
export function sparkline(
  histogram: Histogram,
  axis: LogAxis,
  width: number,
  height: number,
  colour: string,
): Html | null {
  if (histogram.count === 0) return null;
  const bins = logBins(histogram).filter(({ percent }) => percent > 0);
  const zeros = 100 - bins.reduce((sum, { percent }) => sum + percent, 0);
  const tall = (percent: number): number => Math.max(1, round(height * Math.sqrt(percent / 100)));
  const bars = bins.map(({ lo, hi, percent }) => {
    const [left, right] = [axis.at(lo), axis.at(hi)];
    return `M${left} ${height}h${round(Math.max(1, right - left))}v-${tall(percent)}h-${round(Math.max(1, right - left))}z`;
  });
  if (zeros > 0.0001) bars.push(`M0 ${height}h3v-${tall(zeros)}h-3z`);
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true"><path d="M0 ${height - 0.5}H${width}" class="grid"/><path d="${bars.join("")}" fill="${colour}"/></svg>`;
}
