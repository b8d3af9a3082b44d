/** The retry law: how likely a further IO is for a page that was waited for already. */
import type { Metrics } from "../../../sim/measure/metrics/metrics.ts";
import { type Column, textTable } from "../../words/text-table.ts";

/** One step of the curve: of `pages` pages whose n-th read was waited for, `again` needed another. */
export interface RetryStep {
  readonly n: number;
  readonly pages: number;
  readonly again: number;
  /** P(n+1-th read | n-th), and its 95 % interval (Wilson). */
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** Share of all pages that need an n+1-th read. */
  readonly survival: number;
  /** What that would be if each read were lost as often as the first, whatever went before. */
  readonly ifIndependent: number;
}

/** Reads of one page that are counted. */
const maxReads = 17;

/** z of a 95 % interval. */
const z = 1.96;

/** The Wilson interval of `hits` in `trials`. */
function wilson(hits: number, trials: number): { low: number; high: number } {
  const p = hits / trials;
  const denominator = 1 + (z * z) / trials;
  const centre = (p + (z * z) / (2 * trials)) / denominator;
  const half = (z / denominator) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  return { low: hits === 0 ? 0 : centre - half, high: hits === trials ? 1 : centre + half };
}

/** The curve from the counts `gup.io{n,site}`, over all sites. Empty when no page was read. */
export function retryCurve(metrics: Metrics): RetryStep[] {
  const reads: number[] = [];
  for (const [name, count] of metrics.counts) {
    const [, n] = /^gup\.io\{n=(\d+),/.exec(name) ?? [];
    if (n !== undefined) reads[Number(n)] = (reads[Number(n)] ?? 0) + count;
  }
  const first = (reads[2] ?? 0) / (reads[1] ?? 1);
  const steps: RetryStep[] = [];
  for (let n = 1; n < maxReads && (reads[n] ?? 0) > 0; n++) {
    const pages = reads[n] as number;
    const again = reads[n + 1] ?? 0;
    const survival = again / (reads[1] as number);
    steps.push({ n, pages, again, share: again / pages, ...wilson(again, pages), survival, ifIndependent: first ** n });
  }
  return steps;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 && share > 0 ? 2 : 1)}%`;

const columns: readonly Column<RetryStep>[] = [
  { head: "IO", rank: 0, align: "right", cell: ({ n }) => `${n} -> ${n + 1}` },
  { head: "pages", rank: 0, align: "right", cell: ({ pages }) => String(pages) },
  { head: "again", rank: 0, align: "right", cell: ({ again }) => String(again) },
  { head: "P(again)", rank: 0, align: "right", cell: ({ share }) => percent(share) },
  { head: "95 %", rank: 0, align: "right", cell: ({ low, high }) => `${percent(low)}..${percent(high)}` },
  { head: "of all", rank: 0, align: "right", cell: ({ survival }) => percent(survival) },
  { head: "if independent", rank: 0, align: "right", cell: ({ ifIndependent }) => percent(ifIndependent) },
];

/** Most steps that are printed. */
const longest = 8;

/** The curve as a table, its first steps, without a newline at the end. */
export function retryText(steps: readonly RetryStep[]): string {
  if (steps.length === 0) return "no page was read";
  const more = steps.length > longest ? `\n(and ${steps.length - longest} more steps)` : "";
  return textTable(columns, steps.slice(0, longest), Number.POSITIVE_INFINITY) + more;
}
