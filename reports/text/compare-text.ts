import type { Scenario } from "../../sim/scenario.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { type Difference, differences, locksAgree, unlikeEndings } from "../documents/compare.ts";
import {
  byShortName,
  differenceInterval,
  differenceSentence,
  effectSigns,
  factorText,
  shortName,
  signLegend,
  valueTexts,
} from "../documents/comparison/difference-words.ts";
import { type Completeness, interruptedWords, whole } from "../documents/headline.ts";
import { type Side, sideOf } from "../documents/side.ts";
import { threeSignificant } from "../words/format-duration.ts";
import { reportHead } from "../words/report-head.ts";
import { samplingNotes } from "../words/sampling.ts";
import { plural, wrap } from "../words/sentences.ts";
import { type Column, textTable } from "../words/text-table.ts";
import { renderVariant, topLine } from "./run-text.ts";

/** The verdict first, then its size and how sure it is; the values last, for they may fall away. */
const columns: readonly Column<Difference>[] = [
  { head: "", rank: 0, align: "left", cell: ({ effect }) => effectSigns[effect] },
  { head: "factor", rank: 0, align: "left", cell: factorText },
  { head: "95 %", rank: 0, align: "left", cell: differenceInterval },
  { head: "metric", rank: 0, align: "left", cell: ({ metric, stat }) => `${shortName(metric)} ${stat}` },
  { head: "from", rank: 1, align: "right", cell: (row) => valueTexts(row)[0] },
  { head: "to", rank: 1, align: "right", cell: (row) => valueTexts(row)[1] },
];

/**
 * A comparison for a terminal of `width` columns: whether it is whole, how the runs ended, the head, each variant, then what each later
 * variant changes against the first. Outcomes are of the same seeds, the reference first. Of no seed nothing is told. Ends with a newline.
 */
export function renderCompare(
  scenario: Scenario,
  outcomes: readonly VariantOutcome[],
  width: number,
  study: Completeness = whole,
): string {
  const [reference, ...candidates] = outcomes;
  if (reference === undefined) return "";
  const interrupted = interruptedWords(study, reference.seeds.length, "pair");
  const first = interrupted === null ? [] : wrap(interrupted, width, "");
  if (reference.seeds.length === 0) return [...first, `${scenario.name}: nothing to compare yet`, ""].join("\n");
  return [
    ...first,
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

/** What is said where all holds and waits of two variants are the same. */
export const identical = "identical: all acquisitions, hold times and wait times agree to the ns";

/** What `candidate` changes: a sentence on each thing that matters, and the table of what is not the same in every seed. */
export function renderDifferences(reference: Side, candidate: Side, locksAreEqual: boolean, width: number): string {
  const title = `${reference.variant} -> ${candidate.variant}`;
  const lines = [`== ${title} ${"=".repeat(Math.max(0, width - title.length - 4))}`];
  const all = differences(reference, candidate);
  if (all.length === 0) return [...lines, "no seed of both has a sample: nothing is compared", ""].join("\n");
  const unlike = unlikeEndings(reference, candidate);
  if (unlike !== null) lines.push(...wrap(`not compared by ratio: ${unlike}`, width, ""));
  if (locksAreEqual) lines.push(...wrap(identical, width, ""));
  else lines.push(...differenceSentences(all).flatMap((sentence) => wrap(sentence, width, "")));
  if ((reference.axes.vma === "none") !== (candidate.axes.vma === "none")) lines.push(...wrap(uncounted, width, ""));
  const rows = shownDifferences(all);
  if (rows.length > 0) lines.push("", textTable(columns, rows, width));
  return [...lines, "", ...wrap(note(all, rows.length > 0), width, ""), ""].join("\n");
}

/** The rows of a table of differences: what has a value that is not the same in every seed, without the means. */
export function shownDifferences(all: readonly Difference[]): Difference[] {
  return all
    .filter(({ stat, effect, reference, candidate, why }) => {
      if (stat === "mean" || effect === "equal") return false;
      return effect === "not-compared" ? reference !== candidate : stat !== "p99" || !isTooFew(why);
    })
    .sort(byShortName);
}

function isTooFew(why: string | null): boolean {
  return why?.endsWith("too few for a p99") === true;
}

/** What the numbers are, and what is not among them. */
function note(all: readonly Difference[], hasTable: boolean): string {
  const equal = all.filter(({ effect }) => effect === "equal").length;
  const rare = all.filter(({ why }) => isTooFew(why)).length;
  const notes = [
    ...(hasTable ? [signLegend] : []),
    `values and factors are geometric means over ${plural(Math.max(...all.map(({ n }) => n)), "seed")}, paired; [ ] the 95 % interval of the factor, or of the difference where a seed has 0`,
    ...reduction(all),
    ...(rare > 0 ? [`${rare} p99 of fewer than 1,000 samples are left out`] : []),
    ...(equal > 0 ? [`${equal} of ${all.length} statistics are the same in every seed`] : []),
  ];
  return notes.join("; ");
}

/** How much the common random numbers were worth, in the middle; nothing where they were worth little. */
function reduction(all: readonly Difference[]): string[] {
  const factors = all.flatMap(({ variance_reduction }) => (variance_reduction === null ? [] : [variance_reduction]));
  const middle = factors.sort((a, b) => a - b)[Math.floor(factors.length / 2)];
  if (middle === undefined || middle < 1.5) return [];
  return [`the same draws make the variance of a difference ${threeSignificant(middle)} times smaller (median)`];
}

/** One sentence on each of the quantities the tool is about: of its p99, or of its longest where there are too few samples. */
export function differenceSentences(all: readonly Difference[]): string[] {
  const about = ["hold", "hold_io", "wait"].map((name) => `mmap_sem.${name}{mode=R}`);
  about.push(...["hold", "wait"].map((name) => `mmap_sem.${name}{mode=W}`));
  const latencies = all.filter(({ metric, stat }) => stat === "max" && metric.startsWith("op.latency{"));
  return [...about, ...latencies.map(({ metric }) => metric)].flatMap((metric) => {
    const of = (stat: string): Difference | undefined =>
      all.find((difference) => difference.metric === metric && difference.stat === stat);
    const p99 = of("p99");
    const row = isTooFew(p99?.why ?? null) ? of("max") : p99;
    return row === undefined ? [] : [`${shortName(metric)} ${row.stat}: ${differenceSentence(row)}`];
  });
}
