import { font, gridColour, ink } from "../style.ts";

/** A log axis of percents, from `lowest` to 100, labelled at the powers of ten. @param room above it, as a part of the panel. */
export function percentAxis(lowest: number, room: number) {
  return {
    type: "logarithmic" as const,
    min: lowest,
    max: 100 * (100 / lowest) ** (room / (1 - room)),
    ticks: { color: ink, font: font(11), callback: powerOfTen },
    grid: { color: gridColour },
  };
}

/** The power of ten at or below a share in percent, which is above 0. */
export function decadeBelow(percent: number): number {
  return 10 ** Math.floor(Math.log10(percent) + 1e-9);
}

/** A place in the middle of an axis from `lowest` to 100. */
export function middleOf(lowest: number): number {
  return Math.sqrt(lowest * 100);
}

/** Nothing, not even a grid line, elsewhere. */
function powerOfTen(value: number | string): string | null {
  if (Number(value) > 100) return null;
  return Number.isInteger(Math.round(Math.log10(Number(value)) * 1e9) / 1e9) ? `${value}` : null;
}
