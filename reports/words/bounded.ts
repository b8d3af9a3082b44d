import type { Bounds } from "../../sim/study/bounds.ts";

/**
 * A statistic as text: `4.98 s`, or `≥ 4.98 s` where something that has not ended may make it larger by as much as can be seen in print;
 * without a value whatever `format` writes for null.
 */
export function bounded(value: Bounds | null, format: (value: number | null) => string): string {
  if (value === null) return format(null);
  const text = format(value.low);
  const isSame = value.high === value.low || (Number.isFinite(value.high) && format(value.high) === text);
  return isSame ? text : atLeast(text);
}

/** `≥ 4.98 s` */
export function atLeast(text: string): string {
  return `≥ ${text}`;
}
