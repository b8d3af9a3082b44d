import { z } from "zod";
import { LatencyFileError } from "./latency-file-error.ts";

const amount = z.number().nonnegative();

/** What fio tells of the latency of one direction. */
const histogram = z.looseObject({
  N: amount.optional(),
  percentile: z.record(z.string(), z.unknown()).optional(),
  bins: z.record(z.string(), amount).optional(),
});

/** One direction of a job: reads, writes, or both together (`mixed`). Version 2 has `clat` and `lat` in us, version 3 `clat_ns` and `lat_ns`. */
export const fioDirection = z.looseObject({
  total_ios: amount.optional(),
  clat_ns: histogram.optional(),
  lat_ns: histogram.optional(),
  clat: histogram.optional(),
  lat: histogram.optional(),
});
export type FioDirection = z.output<typeof fioDirection>;

/** The latencies from `lo_ns` to `hi_ns`, and how often one was met. */
export interface FioBin {
  readonly lo_ns: number;
  readonly hi_ns: number;
  readonly count: number;
}

/** The histograms in the order in which they are taken: the completion alone, else with the submission before it. */
const kinds = [
  ["clat_ns", 1],
  ["clat", 1_000],
  ["lat_ns", 1],
  ["lat", 1_000],
] as const;

/** The occupied bins of a direction, in ascending order, and what they are of; null when it has none. */
export function fioBins(direction: FioDirection): { readonly of: string; readonly bins: readonly FioBin[] } | null {
  for (const [of, unit_ns] of kinds) {
    const bins = Object.entries(direction[of]?.bins ?? {});
    if (bins.some(([, count]) => count > 0)) return { of, bins: occupied(bins, unit_ns) };
  }
  return null;
}

/** Why a direction that did IO has no bins. */
export function whyNoBins(direction: FioDirection): string {
  const told = kinds.some(([of]) => Object.keys(direction[of]?.percentile ?? {}).length > 0);
  return told
    ? "has percentiles but no bins: run fio with --output-format=json+ (plain json leaves them out)"
    : "has no bins: clat_percentiles=0 or disable_clat=1 of the job switched them off (json+ alone does not bring them back)";
}

/**
 * A bin is named by its middle. fio before 2.99 named it by its number and put the numbers of its layout beside; bits of the
 * layout are the same since.
 *
 * Source: fio stat.c plat_idx_to_val.
 */
function occupied(entries: readonly [string, number][], unit_ns: number): FioBin[] {
  const isNumbered = entries.some(([name]) => name === "FIO_IO_U_PLAT_BITS");
  const bins: FioBin[] = [];
  for (const [name, count] of entries) {
    if (isNumbered && name.startsWith("FIO_IO_U_PLAT_")) continue;
    const value = /^\d+$/.test(name) ? Number(name) : Number.NaN;
    if (!Number.isSafeInteger(value) || !Number.isSafeInteger(count)) {
      throw new LatencyFileError(`has a bin that is none: "${name}": ${count}`);
    }
    if (count === 0) continue;
    const { middle, width } = isNumbered ? layout(value) : { middle: value, width: widthAt(value) };
    bins.push({ lo_ns: (middle - width / 2) * unit_ns, hi_ns: (middle + width / 2) * unit_ns, count });
  }
  return bins.sort((a, b) => a.lo_ns - b.lo_ns);
}

/** 64 bins an octave; below 128 a bin is one value. */
const binsPerOctave = 64;

function widthAt(middle: number): number {
  return middle < 2 * binsPerOctave ? 0 : 2 ** (Math.floor(Math.log2(middle)) - 6);
}

function layout(number: number): { middle: number; width: number } {
  if (number < 2 * binsPerOctave) return { middle: number, width: 0 };
  const group = Math.floor(number / binsPerOctave) - 1;
  const width = 2 ** group;
  return { middle: binsPerOctave * width + ((number % binsPerOctave) + 0.5) * width, width };
}
