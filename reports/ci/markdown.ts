import { type Bounds, isCertain } from "../../sim/study/bounds.ts";
import { samplesOf, ofSamples } from "../../sim/study/statistic.ts";
import { bounded } from "../words/bounded.ts";
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
import { pointOf } from "../documents/comparison/paired.ts";
import { firstLine, interruptedWords } from "../documents/headline.ts";
import { hasPercentile } from "../words/percentile.ts";
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
  const { scenario, complete, variants, check, reproduce } = data;
  const outcomes = variants.map(({ outcome }) => outcome);
  const [reference, ...candidates] = outcomes as [VariantOutcome, ...VariantOutcome[]];
  const seeds = plural(reference.seeds.length, "seed");
  const study = { complete, seedsAsked: null, resumes: false };
  const interrupted = interruptedWords(study, reference.seeds.length, candidates.length > 0 ? "pair" : "seed");
  return [
    ...(check === null ? [] : [checkMarkdown(check)]),
    `### ${scenario.name}: ${outcomes.map(({ variant }) => `\`${variant}\``).join(" → ")}`,
    "",
    ...(interrupted === null ? [] : [`**${interrupted}**`, ""]),
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

/** p99 as a comparison has it: taken in each seed, then their geometric mean. */
function lockTable(outcomes: readonly VariantOutcome[]): string[] {
  const rows = outcomes.flatMap((outcome) =>
    (["R", "W"] as const).map((mode) => {
      const io = ofSamples(samplesOf(outcome.metrics, "mmap_sem.hold_io", { mode }), { kind: "max" });
      const cells = [
        p99(outcome, `mmap_sem.wait{mode=${mode}}`),
        p99(outcome, `mmap_sem.hold{mode=${mode}}`),
        io === null ? "none" : longestText(io),
      ];
      return `| \`${outcome.variant}\` | \`mmap_sem-${mode}\` | ${cells.join(" | ")} |`;
    }),
  );
  return ["| | | wait p99 | hold p99 | held over IO |", "| --- | --- | ---: | ---: | ---: |", ...rows, ""];
}

/** `-` where the samples are too few for it. */
function p99({ metrics, by_seed }: VariantOutcome, metric: string): string {
  if (!hasPercentile(metrics.histograms.get(metric)?.count ?? 0, 99)) return "-";
  const values = by_seed.flatMap(({ values }) => values[metric]?.p99 ?? []);
  return values.length === 0 ? "-" : formatDuration(pointOf("p99", values));
}

function differenceTable(reference: VariantOutcome, candidate: VariantOutcome): string[] {
  const [before, after] = [sideOf(reference), sideOf(candidate)];
  const all = differences(before, after).filter(({ stat }) => stat === "p99" || stat === "max");
  const title = `\`${reference.variant}\` → \`${candidate.variant}\``;
  const unlike = unlikeEndings(before, after);
  if (unlike !== null) return [`${title}: not compared, ${unlike}`, ""];
  const changed = all.filter(({ effect, why }) => effect !== "equal" && why === null).sort(byShortName);
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

function differenceRow(row: Difference): string {
  const [before, after] = valueTexts(row);
  return `| ${effectSigns[row.effect]} | ${factorText(row)} | ${differenceInterval(row)} | ${shortName(row.metric)} ${row.stat} | ${before} | ${after} |`;
}

function blameDetails({ variant, metrics }: VariantOutcome): string[] {
  const groups = blameBy(blameRows(metrics.totals), holderText);
  if (groups.length === 0) return [];
  return [
    `<details><summary>who made them wait in <code>${variant}</code></summary>`,
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

/** The longest, or what it is at least while one that may be longer has not ended. */
function longestText(longest: Bounds): string {
  const text = bounded(longest, formatDuration);
  return isCertain(longest) ? `${text} at most` : text;
}
