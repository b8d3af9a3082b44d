import type { Law } from "../../sim/engine/law.ts";
import { type HgrmFooter, type HgrmLine, readHgrm } from "./hgrm-lines.ts";
import { LatencyFileError } from "./latency-file-error.ts";

const nsPerUnit: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1_000,
  µs: 1_000,
  μs: 1_000,
  usec: 1_000,
  ms: 1_000_000,
  msec: 1_000_000,
  s: 1_000_000_000,
  sec: 1_000_000_000,
};

/** The values between two lines: some are known to be in the bucket of the upper one, the others are anywhere between. */
interface Gap {
  readonly from: number;
  /** Where the bucket of the upper line begins, and its highest value. */
  readonly bucket: number;
  readonly to: number;
  readonly known: number;
  readonly between: number;
}

/**
 * The percentile listing of an HdrHistogram (`.hgrm`: value, percentile, total count) as a law. A line gives the highest value of
 * a bucket, and its percentile says from which sample on the values are in it; where the others of a gap lie, the mean of the
 * footer decides, and without one they are spread evenly.
 *
 * @param source name of the file, kept in the law with its unit.
 * @param unit what the values are in; may be left out where the file says so (`# unit: ms`, `#[Unit = us]`).
 * @throws LatencyFileError when a line cannot be read, no unit is known, or mean, maximum or count of the footer are of other
 * values than the lines.
 */
export function parseHgrm(text: string, source: string, unit?: string): Law {
  const { lines, footer } = readHgrm(text);
  const { name, ns } = unitOf(footer, unit);
  const gaps = gapsOf(lines, footer);
  checkFooter(lines, gaps, footer);
  const tilt = footer.mean === null ? 0 : tiltFor(gaps, footer.mean);
  const bins = gaps.flatMap((gap) => binsOf(gap, tilt)).filter(({ count }) => count > 0);
  if (bins.some(({ hi }) => hi * ns > Number.MAX_SAFE_INTEGER)) {
    throw new LatencyFileError(`has values of more than 104 days in ${name}: is that its unit?`);
  }
  return {
    kind: "empirical",
    source: `${source} (in ${name})`,
    lo_ns: bins.map(({ lo }) => lo * ns),
    hi_ns: bins.map(({ hi }) => hi * ns),
    counts: bins.map(({ count }) => count),
  };
}

function unitOf(footer: HgrmFooter, asked: string | undefined): { name: string; ns: number } {
  const name = asked ?? footer.unit;
  const known = Object.keys(nsPerUnit)
    .filter((one) => /^(ns|us|ms|s)$/.test(one))
    .join(", ");
  if (name === null) {
    throw new LatencyFileError(
      `does not say what its values are in: add unit: (one of ${known}) beside hgrm:, or a line "# unit: us" to the file`,
    );
  }
  const ns = nsPerUnit[name];
  if (ns === undefined) throw new LatencyFileError(`unknown unit "${name}": one of ${known}`);
  if (footer.unit !== null && nsPerUnit[footer.unit] !== ns) {
    throw new LatencyFileError(`is in ${footer.unit}, as it says itself, and not in ${name}`);
  }
  return { name, ns };
}

function gapsOf(lines: readonly HgrmLine[], footer: HgrmFooter): Gap[] {
  const samples = (lines.at(-1) as HgrmLine).total;
  // The highest value of the last bucket may be more than the highest that was met.
  const max = footer.max ?? Number.POSITIVE_INFINITY;
  const gaps: Gap[] = [];
  let below: HgrmLine | null = null;
  for (const line of lines) {
    const seen = below?.total ?? 0;
    if (line.total > seen) {
      const to = Math.min(line.value, Math.max(max, below?.value ?? 0));
      const bucket = Math.max(line.value * (1 - 1.5 / footer.sub_buckets), below?.value ?? 0);
      // The sample of this rank, and with it all after it up to the total count, are in the bucket of the line.
      const rank = Math.min(Math.max(Math.ceil(line.percentile * samples), 1), line.total);
      const known = Math.min(line.total - seen, line.total - rank + 1);
      const between = line.total - seen - known;
      gaps.push({ from: below?.value ?? Math.min(bucket, to), bucket: Math.min(bucket, to), to, known, between });
    }
    below = line;
  }
  return gaps;
}

/** The mean of the lines when the values between them are as low as can be (-1), spread evenly (0), or as high as can be (1). */
function meanAt(gaps: readonly Gap[], tilt: number): number {
  let sum = 0;
  let count = 0;
  for (const gap of gaps) {
    for (const { lo, hi, count: n } of binsOf(gap, tilt)) sum += (n * (lo + hi)) / 2;
    count += gap.known + gap.between;
  }
  return sum / count;
}

function tiltFor(gaps: readonly Gap[], mean: number): number {
  const even = meanAt(gaps, 0);
  const end = mean >= even ? 1 : -1;
  const extreme = meanAt(gaps, end);
  return extreme === even ? 0 : end * Math.min(1, Math.max(0, (mean - even) / (extreme - even)));
}

function binsOf({ from, bucket, to, known, between }: Gap, tilt: number): { lo: number; hi: number; count: number }[] {
  const drawn = Math.round(between * Math.abs(tilt));
  return [
    { lo: from, hi: from, count: tilt < 0 ? drawn : 0 },
    { lo: from, hi: bucket, count: between - drawn },
    { lo: bucket, hi: to, count: known + (tilt > 0 ? drawn : 0) },
  ];
}

/** The footer was counted with the values, the lines may have been edited since. */
function checkFooter(
  lines: readonly HgrmLine[],
  gaps: readonly Gap[],
  { mean, max, total, sub_buckets }: HgrmFooter,
): void {
  const last = lines.at(-1) as HgrmLine;
  if (total !== null && total !== last.total) {
    throw new LatencyFileError(`has a footer of ${total} values, and lines of ${last.total}`);
  }
  // A bucket is this wide at most, and the footer has three digits after the point.
  const slack = (value: number): number => (value * 2) / sub_buckets + 0.001;
  if (max !== null && Math.abs(max - last.value) > slack(last.value)) {
    throw new LatencyFileError(`has a footer with the maximum ${max}, and lines up to ${last.value}`);
  }
  const [low, high] = [meanAt(gaps, -1), meanAt(gaps, 1)];
  if (mean !== null && (mean < low - slack(low) || mean > high + slack(high))) {
    throw new LatencyFileError(
      `has a footer with the mean ${mean}, and lines whose mean is between ${low.toPrecision(6)} and ${high.toPrecision(6)}`,
    );
  }
}
