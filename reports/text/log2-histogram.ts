import type { Histogram } from "../../sim/measure/metrics/histogram.ts";

const barWidth = 40;

/**
 * A histogram by powers of two in the look of bcc's tools, in ns: one row an octave from the lowest to the highest that
 * has values, empty ones between included, then average, total and count. At most 80 columns for values below 10 s; no
 * newline at the end.
 *
 * @param values `above-zero` for the waittime of those who waited, which is what lock_stat calls waittime.
 */
export function log2Histogram(histogram: Histogram, values: "all" | "above-zero" = "all"): string {
  const rows = octaves(histogram, values === "all" ? 0 : 1);
  const total = rows.reduce((sum, count) => sum + count, 0);
  if (total === 0) return "     no samples";
  const first = rows.findIndex((count) => count > 0);
  const most = Math.max(...rows);
  const lines = ["     nsecs               : count     distribution"];
  for (let octave = first; octave < rows.length; octave++) {
    const count = rows[octave] as number;
    const low = octave === 0 ? 0 : 2 ** octave;
    const range = `${String(low).padStart(10)} -> ${String(2 ** (octave + 1) - 1).padEnd(10)}`;
    lines.push(`${range} : ${String(count).padEnd(8)} |${bar(count, most).padEnd(barWidth)}|`);
  }
  const { sum } = histogram;
  lines.push("", `avg = ${Math.round(sum / total)} nsecs, total: ${sum} nsecs, count: ${total}`);
  return lines.join("\n");
}

/** Counts by octave of the values from `lowest`: row 0 has 0 and 1, row i has 2^i to 2^(i+1) - 1. */
function octaves(histogram: Histogram, lowest: 0 | 1): number[] {
  const rows: number[] = [];
  histogram.forEachBucket((lo, _hi, count) => {
    if (lo < lowest) return;
    const octave = lo < 2 ? 0 : Math.floor(Math.log2(lo));
    while (rows.length <= octave) rows.push(0);
    rows[octave] = (rows[octave] as number) + count;
  });
  return rows;
}

/** A row that has values never looks empty, although bcc's can. */
function bar(count: number, most: number): string {
  return "*".repeat(count === 0 ? 0 : Math.max(1, Math.floor((count * barWidth) / most)));
}
