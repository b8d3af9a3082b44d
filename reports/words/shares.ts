import { threeSignificant } from "./format-duration.ts";

/** `97.8 %` of 0.978. */
export function percent(share: number): string {
  return `${threeSignificant(100 * share)} %`;
}

/** `-87.1 %` of 0.129: what a ratio is as a change; `-` without one. */
export function change(ratio: number | null): string {
  if (ratio === null) return "-";
  const hundredths = (ratio - 1) * 100;
  // What is left must not round to nothing.
  if (ratio > 0 && hundredths < -99.9) return "-99.9 %";
  const sign = hundredths < 0 ? "-" : hundredths > 0 ? "+" : "";
  return `${sign}${threeSignificant(Math.abs(hundredths))} %`;
}
