import type { Histogram } from "../../../sim/measure/metrics/histogram.ts";
import { logBins } from "../../words/log-bins.ts";
import { type Html, html } from "../escape.ts";
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
  const bins = logBins(histogram);
  const zeros = 100 - bins.reduce((sum, { percent }) => sum + percent, 0);
  const top = (percent: number): number => round(height - Math.max(1, height * Math.sqrt(percent / 100)));
  let path = zeros > 0.0001 ? `M0 ${height}V${top(zeros)}h3V${height}` : "";
  let isOpen = false;
  for (const { lo, hi, percent } of bins) {
    if (percent === 0) {
      path += isOpen ? `V${height}` : "";
      isOpen = false;
      continue;
    }
    path += `${isOpen ? "" : `M${axis.at(lo)} ${height}`}V${top(percent)}H${Math.max(axis.at(hi), axis.at(lo) + 1)}`;
    isOpen = true;
  }
  if (isOpen) path += `V${height}`;
  return html`<svg width="${width}" height="${height}" aria-hidden="true"><path d="${path}" fill="${colour}"/></svg>`;
}
