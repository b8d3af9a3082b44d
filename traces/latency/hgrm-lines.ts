import { LatencyFileError } from "./latency-file-error.ts";

/** One line of a percentile listing: this many samples are at most `value`, and the one at `percentile` (a share) lies in its bucket. */
export interface HgrmLine {
  readonly line: number;
  readonly value: number;
  readonly percentile: number;
  readonly total: number;
}

/** What the lines that begin with # tell, in the unit of the values; null where they do not. */
export interface HgrmFooter {
  readonly unit: string | null;
  readonly mean: number | null;
  readonly max: number | null;
  readonly total: number | null;
  /** Buckets that share an octave are half as many. */
  readonly sub_buckets: number;
}

/** How many an HdrHistogram of three significant digits has. */
const usualSubBuckets = 2048;
const header = /^\s*Value\s+Percentile\s+TotalCount\b/i;
const number = /^\d+(\.\d*)?([eE][+-]?\d+)?$/;

/**
 * Takes a percentile listing apart.
 *
 * @throws LatencyFileError for the first line that is neither a comment, nor the header, nor numbers that grow: its line and column.
 */
export function readHgrm(text: string): { readonly lines: readonly HgrmLine[]; readonly footer: HgrmFooter } {
  const lines: HgrmLine[] = [];
  const comments: string[] = [];
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    if (raw.trim().startsWith("#")) comments.push(raw);
    else if (raw.trim() !== "" && !header.test(raw)) lines.push(readLine(raw, i + 1, lines.at(-1)));
  }
  const last = lines.at(-1);
  if (last === undefined || last.total === 0)
    throw new LatencyFileError("has no percentile lines: it is not an .hgrm file");
  return { lines, footer: footerOf(comments.join("\n")) };
}

function readLine(raw: string, line: number, before: HgrmLine | undefined): HgrmLine {
  const fail = (col: number, message: string): never => {
    throw new LatencyFileError(`line ${line}:${col}: ${message}`);
  };
  const words = [...raw.matchAll(/\S+/g)].map(({ 0: word, index }) => ({ word, col: index + 1 }));
  const read = (at: number, what: string): number => {
    const { word, col } = words[at] ?? fail(raw.length + 1, `expected ${what}, got the end of the line`);
    const value = number.test(word) ? Number(word) : Number.NaN;
    return Number.isFinite(value) ? value : fail(col, `expected ${what}, got "${word}"`);
  };
  const value = read(0, "a value");
  const percentile = read(1, "a percentile from 0 to 1");
  const total = read(2, "a total count");
  const col = (at: number): number => words[at]?.col ?? 1;
  if (percentile > 1) fail(col(1), `a percentile is from 0 to 1, got ${percentile}`);
  if (!Number.isSafeInteger(total)) fail(col(2), `a total count is a whole number, got ${words[2]?.word}`);
  if (before !== undefined) {
    if (value < before.value) fail(col(0), `values grow, and ${value} is less than the ${before.value} before it`);
    if (percentile < before.percentile)
      fail(col(1), `percentiles grow, and ${percentile} is less than the one before it`);
    if (total < before.total)
      fail(col(2), `total counts grow, and ${total} is less than the ${before.total} before it`);
  }
  return { line, value, percentile, total };
}

function footerOf(comments: string): HgrmFooter {
  const figure = (name: string): number | null => {
    const [, text] = new RegExp(`\\b${name}\\s*=\\s*(\\d+(?:\\.\\d+)?)`).exec(comments) ?? [];
    return text === undefined ? null : Number(text);
  };
  const [, unit = null] = /^\s*#\s*\[?\s*unit\s*[:=]?\s*([^\s\]]+)/im.exec(comments) ?? [];
  return {
    unit,
    mean: figure("Mean"),
    max: figure("Max"),
    total: figure("Total count"),
    sub_buckets: Math.max(2, figure("SubBuckets") ?? usualSubBuckets),
  };
}
