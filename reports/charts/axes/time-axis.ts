import type { Histogram } from "../../../sim/measure/metrics/histogram.ts";
import { logBins } from "../../words/log-bins.ts";
import { font, gridColour, ink } from "../style.ts";

/** Powers of ten of ns: where a time axis begins and ends. */
export type TimeRange = readonly [number, number];

const units = ["ns", "µs", "ms", "s"] as const;
/** Up to so many decades, 2 and 5 are labelled too. */
const fewDecades = 2;

/** The decades that hold all values above 0 and these marks, ns, at least one; 1 µs to 1 ms when there is nothing. */
export function timeRange(all: readonly Histogram[], marks: readonly number[]): TimeRange {
  const edges = all.flatMap((samples) => logBins(samples)).flatMap(({ lo, hi }) => [lo, hi]);
  edges.push(...marks.filter((ns) => ns > 0));
  if (edges.length === 0) return [3, 6];
  const left = Math.floor(Math.log10(Math.min(...edges)) + 1e-9);
  return [left, Math.max(left + 1, Math.ceil(Math.log10(Math.max(...edges)) - 1e-9))];
}

/** A log axis of times, as the linear axis of the powers of ten of ns. @param room above it, as a part of the panel. */
export function timeAxis(title: string, [min, max]: TimeRange, room = 0) {
  const steps = max - min <= fewDecades ? [1, 2, 5] : [1];
  const values: number[] = [];
  for (let decade = Math.floor(min); decade <= max; decade++) {
    for (const step of steps) values.push(decade + Math.log10(step));
  }
  const shown = values.filter((value) => value >= min && value <= max);
  return logAxis(title, [min, max + ((max - min) * room) / (1 - room)], shown, timeLabel);
}

/** A log axis that is linear in the powers of ten, with ticks where they are wanted. */
export function logAxis(
  title: string,
  [min, max]: readonly [number, number],
  values: readonly number[],
  label: (value: number) => string,
) {
  return {
    type: "linear" as const,
    min,
    max,
    title: { display: true, text: title, color: ink, font: font(13) },
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = values.map((value) => ({ value }));
    },
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      color: ink,
      font: font(12),
      callback: (value: number | string) => label(Number(value)),
    },
    grid: { color: gridColour },
  };
}

/** `20 µs` of log10 of 20,000. */
export function timeLabel(value: number): string {
  const exponent = Math.floor(value + 1e-9);
  const unit = Math.max(0, Math.min(units.length - 1, Math.floor(exponent / 3)));
  return `${Number((10 ** (value - 3 * unit)).toPrecision(3))} ${units[unit]}`;
}
