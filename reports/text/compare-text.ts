import { parseMetricKey } from "../../sim/measure/metrics/metrics.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { type Difference, differences, locksAgree } from "../documents/compare.ts";
import { formatDuration, formatDurations, threeSignificant } from "../words/format-duration.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { reportHead } from "../words/report-head.ts";
import { renderVariant, topLine } from "./run-text.ts";
import { samplingNotes } from "../words/sampling.ts";
import { type Side, sideOf } from "../documents/side.ts";
import { type Column, textTable } from "../words/text-table.ts";
import { change } from "../words/shares.ts";
import { plural, wrap } from "../words/sentences.ts";

const columns: readonly Column<Difference>[] = [
  { head: "metric", rank: 0, align: "left", cell: ({ metric }) => shortName(metric) },
  { head: "stat", rank: 0, align: "left", cell: ({ stat }) => stat },
  { head: "reference", rank: 0, align: "right", cell: (row) => formatDurations(row.reference, row.candidate)[0] },
  { head: "candidate", rank: 0, align: "right", cell: (row) => formatDurations(row.reference, row.candidate)[1] },
  { head: "diff", rank: 2, align: "right", cell: ({ diff }) => signed(diff, formatDuration(diff)) },
  { head: "diff %", rank: 1, align: "right", cell: ({ ratio }) => change(ratio) },
];

const intervalColumn: Column<Difference> = {
  head: "95 %",
  rank: 1,
  align: "left",
  cell: ({ interval }) => intervalText(interval),
};

/**
 * A comparison for a terminal of `width` columns, from 80: the head, each variant, then what each later variant changes
 * against the first. Outcomes are of the same seeds, the reference first. Ends with a newline.
 */
export function renderCompare(scenario: Scenario, outcomes: readonly VariantOutcome[], width: number): string {
  const [reference, ...candidates] = outcomes;
  if (reference === undefined) return "";
  return [
    ...outcomes.flatMap((outcome) => topLine(outcome, width)),
    "",
    `${reportHead(scenario, reference.seeds, width, samplingNotes(reference))}\n`,
    ...outcomes.map((outcome) => renderVariant(outcome, width)),
    ...candidates.map((candidate) =>
      renderDifferences(sideOf(reference), sideOf(candidate), locksAgree(reference, candidate), width),
    ),
  ].join("\n");
}

/** What is to be said where only one of two kernels has per-VMA locks. */
export const uncounted =
  "only one of the two has per-VMA locks: user faults under these take no mmap_sem and are in none of its counts; see vma_lock in the results";

/** What `candidate` changes: the table of paired differences that are not zero, and a sentence on each thing that matters. */
export function renderDifferences(reference: Side, candidate: Side, locksAreEqual: boolean, width: number): string {
  const title = `${reference.variant} -> ${candidate.variant}`;
  const lines = [`== ${title} ${"=".repeat(Math.max(0, width - title.length - 4))}`];
  if (reference.ending !== candidate.ending) lines.push(`ending: ${reference.ending} -> ${candidate.ending}`);
  const all = differences(reference, candidate);
  if (locksAreEqual) {
    lines.push("identical: all acquisitions, hold times and wait times agree to the ns");
  } else {
    lines.push(...differenceSentences(all));
  }
  if ((reference.axes.vma === "none") !== (candidate.axes.vma === "none")) lines.push(...wrap(uncounted, width, ""));
  const changed = all.filter(({ reference: a, candidate: b }) => a !== b);
  const rows = changed.filter(({ stat }) => stat !== "mean").sort(byShortName);
  const hasIntervals = rows.some(({ interval }) => interval !== null);
  const shown = hasIntervals ? [...columns, intervalColumn] : columns;
  if (rows.length > 0) lines.push("", textTable(shown, rows, width));
  const equal = all.length - changed.length;
  const over = hasIntervals ? `95 % of diff % over the seeds (t on log ratios)${reduction(all)}` : "no intervals";
  const note = `paired: the same ${plural(candidate.seeds.length, "seed")}, all their samples pooled; ${over}`;
  return [
    ...lines,
    "",
    ...wrap(equal > 0 ? `${note}; ${equal} of ${all.length} statistics are equal` : note, width, ""),
    "",
  ].join("\n");
}

/** How much the common random numbers were worth, in the middle. */
function reduction(all: readonly Difference[]): string {
  const factors = all.flatMap(({ variance_reduction }) => (variance_reduction === null ? [] : [variance_reduction]));
  if (factors.length === 0) return "";
  const middle = factors.sort((a, b) => a - b)[Math.floor(factors.length / 2)] as number;
  return `; the same draws make the variance of a difference ${threeSignificant(middle)} x smaller (median of ${factors.length})`;
}

/** How a value changes, as text: `-97.3 %`, and the interval of that, `[-98.1, -96.0 %]`. */
export function changeText({ ratio, interval }: Difference): { readonly ratio: string; readonly interval: string } {
  return { ratio: change(ratio), interval: intervalText(interval) };
}

/** `[-5.1, +2.0 %]` of the reference. */
export function intervalText(interval: Difference["interval"]): string {
  if (interval === null) return "-";
  if (interval.method === "identical") return "identical";
  return `[${change(interval.low).replace(" %", "")}, ${change(interval.high)}]`;
}

/** One sentence on each of the quantities the tool is about. */
export function differenceSentences(all: readonly Difference[]): string[] {
  const about: [string, string][] = [
    ["reader hold", "mmap_sem.hold{mode=R}"],
    ["reader hold across IO", "mmap_sem.hold_io{mode=R}"],
    ["reader wait", "mmap_sem.wait{mode=R}"],
    ["writer hold", "mmap_sem.hold{mode=W}"],
    ["writer wait", "mmap_sem.wait{mode=W}"],
  ];
  for (const { metric, stat } of all) {
    if (stat === "p99" && metric.startsWith("op.latency{")) about.push([shortName(metric), metric]);
  }
  return about.flatMap(([what, metric]) => {
    const row = all.find((difference) => difference.metric === metric && difference.stat === "p99");
    return row === undefined ? [] : [`${what} p99: ${sentence(row)}`];
  });
}

function sentence({ reference, candidate, ratio }: Difference): string {
  if (reference === candidate) return `${formatDuration(reference)}, unchanged`;
  const [before, after] = formatDurations(reference, candidate);
  if (candidate === null) return `${before} -> none`;
  if (reference === null) return `none -> ${after}`;
  if (ratio === null || ratio === 0) return `${before} -> ${after}`;
  const factor = ratio < 1 ? `${threeSignificant(1 / ratio)} x shorter` : `${threeSignificant(ratio)} x longer`;
  return `${before} -> ${after} (${factor})`;
}

/** `hold-R kvm_vcpu` for `mmap_sem.hold{mode=R,role=kvm_vcpu}`. */
export function shortName(metric: string): string {
  const { name, tags } = parseMetricKey(metric);
  const { mode, role } = tags;
  const what = name.replace(/^mmap_sem\./, "").replace(".", " ");
  return `${what}${mode === undefined ? "" : `-${mode}`}${role === undefined ? "" : ` ${role}`}`;
}

/** The order of the rows of a comparison: by the name they are shown with, the whole mode before its roles. */
export function byShortName(a: Difference, b: Difference): number {
  const [first, second] = [shortName(a.metric), shortName(b.metric)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function signed(value: number | null, text: string): string {
  return value !== null && value > 0 ? `+${text}` : text;
}
