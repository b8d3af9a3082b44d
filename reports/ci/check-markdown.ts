import {
  type CheckDocument,
  type CheckRow,
  culpritText,
  exceededText,
  intervalText,
  observedText,
} from "../documents/check.ts";

const words: Readonly<Record<CheckRow["status"], string>> = {
  pass: "✓ met",
  fail: "✗ exceeded",
  inconclusive: "? inconclusive",
  waived: "~ waived",
  off: "- off",
};

/** Most rows that a comment on a pull request shows. */
const longest = 40;

/** A check as Markdown for a pull request: the verdict first. Ends with a newline. */
export function checkMarkdown(document: CheckDocument): string {
  const { scenario, variant, seeds, rows, ending, findings, tests, reproduce } = document;
  const failed = rows.filter(({ status, level }) => status === "fail" && level === "error").length;
  const unsure = rows.filter(({ status }) => status === "inconclusive").length;
  const stopped = ending !== "duration" && ending !== "work-done";
  const verdict = stopped
    ? `✗ stopped: ${ending}`
    : failed > 0
      ? `✗ ${failed} of ${rows.length} budgets exceeded`
      : unsure > 0
        ? `? ${unsure} of ${rows.length} budgets inconclusive`
        : `✓ all ${rows.length} budgets met`;
  const shown = [...rows].sort((a, b) => order(a) - order(b)).slice(0, longest);
  return [
    `### ${verdict}: ${scenario} as \`${variant}\``,
    "",
    ...findings.map((finding) => `- ${cell(finding)}`),
    ...(findings.length > 0 ? [""] : []),
    "| | metric | budget | observed | interval | |",
    "| --- | --- | --- | ---: | --- | --- |",
    ...shown.map((row) => {
      const observed = observedText(row);
      const facts = [exceededText(row), culpritText(row), row.reason ?? "", row.status === "pass" ? "" : row.where];
      const note = facts.filter((fact) => fact !== "").join("; ");
      return `| ${words[row.status]} | \`${cell(row.metric)}\` | ${cell(row.assert)} | ${observed} | ${intervalText(row)} | ${cell(note)} |`;
    }),
    ...(rows.length > shown.length ? [`| | and ${rows.length - shown.length} more | | | | |`] : []),
    "",
    `${seeds.length} replications; failures corrected by Holm for ${tests} ${tests === 1 ? "test" : "tests"}.`,
    "",
    `<details><summary>reproduce</summary>\n\n\`\`\`\n${reproduce}\n\`\`\`\n\n</details>`,
    "",
  ].join("\n");
}

function order({ status }: CheckRow): number {
  return ["fail", "inconclusive", "waived", "pass", "off"].indexOf(status);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
