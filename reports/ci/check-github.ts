import { type CheckDocument, type CheckRow, culpritText, exceededText, observedText } from "../documents/check.ts";

/** Most annotations of a kind: GitHub shows no more. */
const mostOfAKind = 10;

/** A check as annotations of GitHub Actions, worst first: `::error file=…,line=…::…`. Ends with a newline when there are any. */
export function checkAnnotations({ rows, ending, findings }: CheckDocument): string {
  const lines: string[] = [];
  if (ending !== "duration" && ending !== "work-done") {
    lines.push(`::error title=${property(ending)}::${data(findings.join("\n"))}`);
  }
  const failed = rows.filter(({ status }) => status === "fail").sort((a, b) => badness(b) - badness(a));
  lines.push(
    ...annotations(
      "error",
      failed.filter(({ level }) => level === "error"),
    ),
  );
  const unsure = rows.filter(({ status }) => status === "inconclusive");
  lines.push(...annotations("warning", [...failed.filter(({ level }) => level === "warn"), ...unsure]));
  return lines.map((line) => `${line}\n`).join("");
}

function annotations(kind: "error" | "warning", rows: readonly CheckRow[]): string[] {
  const shown = rows.slice(0, mostOfAKind).map((row) => {
    const [, file = row.where, line = "1", col = "1"] = /^(.*):(\d+):(\d+)$/.exec(row.where) ?? [];
    const observed = row.interval === null ? "no samples" : observedText(row);
    const facts = [
      `${row.metric} ${row.assert}: observed ${observed}`,
      exceededText(row),
      culpritText(row),
      row.reason ?? "",
    ];
    const text = facts.filter((fact) => fact !== "").join("; ");
    return `::${kind} file=${property(file)},line=${line},col=${col},title=${property(row.metric)}::${data(text)}`;
  });
  const more = rows.length - shown.length;
  return more > 0 ? [...shown, `::${kind}::and ${more} more`] : shown;
}

function badness({ exceeded, limit }: CheckRow): number {
  return exceeded === null ? 0 : exceeded / Math.max(limit, 1e-9);
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
