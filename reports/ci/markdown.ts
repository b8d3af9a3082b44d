import { bounded } from "../words/bounded.ts";
import { openWhere } from "../../sim/measure/metrics/metrics.ts";
import { unfinishedLines } from "../words/unfinished.ts";
import { blameBy, blameRows, holderText } from "../documents/blame.ts";
import { checkMarkdown } from "./check-markdown.ts";
import { type Difference, differences, unlikeEndings } from "../documents/compare.ts";
import {
  byShortName,
  differenceInterval,
  effectSigns,
  factorText,
  shortName,
  signLegend,
  valueTexts,
} from "../documents/comparison/difference-words.ts";
import { answerSentence } from "../text/screen/sentence.ts";
import { overSeeds } from "../documents/over-seeds.ts";
import { endingWords, firstLine, interruptedWords } from "../documents/headline.ts";
import { formatDuration } from "../words/format-duration.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import type { ReportData } from "../documents/report-data.ts";
import { sideOf } from "../documents/side.ts";
import { percent } from "../words/shares.ts";
import { plural } from "../words/sentences.ts";

/** Lines of a table that are shown; what is left out is told. */
const most = 12;

/**
 * A report as Markdown for a comment on a pull request: the verdict first if there is one, then in one sentence a variant who made the
 * readers wait, what each later variant changes against the first, and, folded, who is to blame and how to repeat it. Ends with a newline.
 */
export function reportMarkdown(data: ReportData): string {
  const { scenario, complete, seedsAsked, variants, check, reproduce } = data;
  const outcomes = variants.map(({ outcome }) => outcome);
  const [reference, ...candidates] = outcomes as [VariantOutcome, ...VariantOutcome[]];
  const seeds = scenario.recording === undefined ? plural(reference.seeds.length, "seed") : "recorded";
  const study = { complete, seedsAsked, resumes: false };
  const interrupted = interruptedWords(study, reference.seeds.length, candidates.length > 0 ? "pair" : "seed");
  const stopped = endingWords(reference);
  return [
    ...(check === null ? [] : [checkMarkdown(check)]),
    `### ${scenario.name}: ${outcomes.map(({ variant }) => `\`${variant}\``).join(" → ")}`,
    "",
    ...(interrupted === null ? [] : [`**${interrupted}**`, ""]),
    ...(stopped === null || candidates.length > 0 ? [] : [`**${stopped}**`, ""]),
    ...(reference.seeds.length === 0 ? [] : [`**${answerSentence(outcomes)}**`, ""]),
    ...outcomes.map(
      (outcome) => `- \`${outcome.variant}\`: ${[firstLine(outcome), ...unfinishedLines(outcome.metrics)].join("; ")}`,
    ),
    "",
    ...lockTable(outcomes),
    ...candidates.flatMap((candidate) => differenceTable(reference, candidate)),
    ...outcomes.flatMap(blameDetails),
    `<details><summary>${seeds}, reproduce</summary>\n\n\`\`\`\n${reproduce}\n\`\`\`\n\n</details>`,
    "",
  ].join("\n");
}

/** Values as a comparison has them: taken in each seed, then their geometric mean. */
function lockTable(outcomes: readonly VariantOutcome[]): string[] {
  const cells = (outcome: VariantOutcome, mode: "R" | "W"): string[] =>
    (["wait", "hold", "hold_io"] as const).flatMap((what) => {
      const metric = `mmap_sem.${what}{mode=${mode}}`;
      const text = (stat: "p99" | "max"): string => bounded(overSeeds(outcome, metric, stat), formatDuration);
      return what === "hold_io" ? [text("max")] : [text("p99"), text("max")];
    });
  const rows = outcomes.flatMap((outcome) =>
    (["R", "W"] as const).map((mode) => `| \`${outcome.variant}\` | ${mode} | ${cells(outcome, mode).join(" | ")} |`),
  );
  return [
    "| | | wait p99 | wait max | hold p99 | hold max | hold_io max |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
  ];
}

function differenceTable(reference: VariantOutcome, candidate: VariantOutcome): string[] {
  const [before, after] = [sideOf(reference), sideOf(candidate)];
  const all = differences(before, after).filter(({ stat }) => stat === "p99" || stat === "max");
  const title = `\`${reference.variant}\` → \`${candidate.variant}\``;
  const unlike = unlikeEndings(before, after);
  if (unlike !== null) return [`${title}: not compared, ${unlike}`, ""];
  const changed = all.filter(({ effect, why }) => effect !== "equal" && why === null).sort(worstFirst);
  if (changed.length === 0) return [`${title}: ${all.length === 0 ? "nothing to compare" : "no difference"}`, ""];
  return [
    `| | factor | 95 % | ${title} | before | after |`,
    "| --- | ---: | --- | --- | ---: | ---: |",
    ...changed.slice(0, most).map(differenceRow),
    ...(changed.length > most ? [`| | | | and ${changed.length - most} more | | |`] : []),
    "",
    `<sub>${signLegend}; geometric means over the seeds, paired</sub>`,
    "",
  ];
}

/** What became longer before what became shorter before what nothing is claimed of; in each of them the most changed first. */
function worstFirst(a: Difference, b: Difference): number {
  return place(a) - place(b) || size(b) - size(a) || byShortName(a, b);
}

/** Waits before holds within a kind: they are what was asked. */
function place({ effect, metric }: Difference): number {
  const kinds = [
    ["new", "longer"],
    ["gone", "shorter"],
  ];
  const kind = kinds.findIndex((effects) => effects.includes(effect));
  return 2 * (kind === -1 ? kinds.length : kind) + (metric.startsWith("mmap_sem.hold") ? 1 : 0);
}

/** How far from no change; a change to or from nothing is the farthest. */
function size({ ratio }: Difference): number {
  return ratio === null || ratio <= 0 ? Number.POSITIVE_INFINITY : Math.abs(Math.log(ratio));
}

function differenceRow(row: Difference): string {
  const [before, after] = valueTexts(row);
  return `| ${effectSigns[row.effect]} | ${factorText(row)} | ${differenceInterval(row)} | ${shortName(row.metric)} ${row.stat} | ${before} | ${after} |`;
}

function blameDetails({ variant, metrics }: VariantOutcome): string[] {
  const groups = blameBy(blameRows(metrics.totals), holderText);
  if (groups.length === 0) return [];
  const over = openWhere(metrics, "mmap_sem.wait", {}).count === 0 ? "" : ", as far as their waits were over";
  return [
    `<details><summary>who made them wait in <code>${variant}</code>${over}</summary>`,
    "",
    "| share | waittime | charged to |",
    "| ---: | ---: | --- |",
    ...groups
      .slice(0, most)
      .map(({ share, sum_ns, what }) => `| ${percent(share)} | ${formatDuration(sum_ns)} | ${what} |`),
    "",
    "</details>",
    "",
  ];
}
