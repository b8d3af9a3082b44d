/** The words of a study of conversions: changes of its objective. */
import type { Interval } from "../../sim/study/statistics.ts";
import type { Effect } from "../../sim/study/what-if.ts";
import { formatDuration, threeSignificant } from "../words/format-duration.ts";

/** How a value of the objective reads. */
export type Show = (value: number) => string;

/** A change that may be chance is told as one. */
export function relative({ objective, is_certain }: Effect, today: number): string {
  if (today === 0) return "";
  return is_certain ? percentChange(objective / today - 1) : "~";
}

/** `-40.9 %`; only nothing left is -100 %. */
export function percentChange(ratio: number): string {
  if (ratio === 0) return "0 %";
  const hundredths = Math.abs(ratio) * 100;
  const text =
    ratio > -1 && hundredths > 99.9 && hundredths < 100
      ? hundredths.toFixed(4).slice(0, 6)
      : threeSignificant(hundredths);
  return `${ratio > 0 ? "+" : "-"}${text} %`;
}

/** `-45.0 ms [-109 ms, +18.5 ms]`. */
export function changeText({ point, low, high, n, method }: Interval, show: Show): string {
  const signed = (value: number): string => `${value > 0 ? "+" : value < 0 ? "-" : ""}${show(Math.abs(value))}`;
  if (n < 2 || method === "identical") return signed(point);
  return `${signed(point)} [${signed(low)}, ${signed(high)}]`;
}

/** How values of the objective read. */
export function formatOf(objective: string): Show {
  const stat = objective.slice(objective.lastIndexOf(":") + 1);
  if (stat === "count") return threeSignificant;
  if (stat === "rate") return (value) => `${threeSignificant(value)}/s`;
  return stat === "sum_rate" ? (value) => `${formatDuration(value)}/s` : formatDuration;
}
