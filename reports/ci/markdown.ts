import { ofSamples, samplesOf } from "../../sim/study/statistic.ts";
import { bounded } from "../words/bounded.ts";
import { unfinishedLines } from "../words/unfinished.ts";
import { waitSentence } from "../documents/blame.ts";
import type { Tags } from "../../sim/measure/metrics/metrics.ts";
import { blameBy, blameRows, holderText } from "../documents/blame.ts";
import { checkMarkdown } from "./check-markdown.ts";
import { type Difference, differences } from "../documents/compare.ts";
import { byShortName, changeText, shortName } from "../text/compare-text.ts";
import { formatDuration, formatDurations } from "../words/format-duration.ts";
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
  return [
    ...(check === null ? [] : [checkMarkdown(check)]),
    `### ${scenario.name}: ${outcomes.map(({ variant }) => `\`${variant}\``).join(" → ")}`,
    "",
    ...(complete ? [] : [`**Not complete: only ${seeds} so far.**`, ""]),
    ...outcomes.map(
      ({ variant, metrics }) =>
        `- \`${variant}\`: ${[waitSentence(metrics, "R"), ...unfinishedLines(metrics)].join("; ")}`,
    ),
    "",
    ...lockTable(outcomes),
    ...candidates.flatMap((candidate) => differenceTable(reference, candidate)),
    ...outcomes.flatMap(blameDetails),
    `<details><summary>${seeds}, reproduce</summary>\n\n\`\`\`\n${reproduce}\n\`\`\`\n\n</details>`,
    "",
  ].join("\n");
}

function lockTable(outcomes: readonly VariantOutcome[]): string[] {
  const rows = outcomes.flatMap(({ variant, metrics }) =>
    (["R", "W"] as const).map((mode) => {
      const p99 = (name: string, tags: Tags): string =>
        bounded(ofSamples(samplesOf(metrics, name, tags), { kind: "percentile", p: 99 }), formatDuration);
      const io = ofSamples(samplesOf(metrics, "mmap_sem.hold_io", { mode }), { kind: "max" });
      const cells = [
        p99("mmap_sem.wait", { mode }),
        p99("mmap_sem.hold", { mode }),
        io === null ? "none" : `longest ${bounded(io, formatDuration)}`,
      ];
      return `| \`${variant}\` | \`mmap_sem-${mode}\` | ${cells.join(" | ")} |`;
    }),
  );
  return ["| | | wait p99 | hold p99 | held over IO |", "| --- | --- | ---: | ---: | ---: |", ...rows, ""];
}

function differenceTable(reference: VariantOutcome, candidate: VariantOutcome): string[] {
  const all = differences(sideOf(reference), sideOf(candidate)).filter(({ stat }) => stat === "mean" || stat === "p99");
  const changed = all.filter((row) => row.reference !== row.candidate).sort(byShortName);
  const title = `\`${reference.variant}\` → \`${candidate.variant}\``;
  if (changed.length === 0) return [`${title}: identical`, ""];
  return [
    `| ${title} | | before | after | change | 95 % |`,
    "| --- | --- | ---: | ---: | ---: | --- |",
    ...changed.slice(0, most).map(differenceRow),
    ...(changed.length > most ? [`| and ${changed.length - most} more | | | | | |`] : []),
    "",
  ];
}

function differenceRow(row: Difference): string {
  const [before, after] = formatDurations(row.reference, row.candidate);
  const { ratio, interval } = changeText(row);
  return `| ${shortName(row.metric)} | ${row.stat} | ${before} | ${after} | ${ratio} | ${interval} |`;
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
