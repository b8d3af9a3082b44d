import { everything, type Explained, meaningsOf } from "../../../reports/explanations/all.ts";
import { nearName } from "../../../scenarios/near-name.ts";
import { UsageError } from "../../cli/exit-codes.ts";
import type { Streams } from "../../cli/streams.ts";
import { wrap } from "../../../reports/words/sentences.ts";

/**
 * Prints what a rule, variant, event, call site or term is, why it exists, who said it in the mail, what later happened to it and where
 * it can be read; without a name, all of them with a line each. Returns exit code 0.
 *
 * @throws UsageError for a name that nothing has.
 */
export function explain(name: string | undefined, format: string, streams: Streams): number {
  const found = name === undefined ? everything() : meaningsOf(name);
  if (name !== undefined && found.length === 0) {
    const near = nearName(
      name,
      everything().map((one) => one.name),
    );
    throw new UsageError(
      `explain: nothing is called "${name}"${near === null ? "" : ` (did you mean "${near}"?)`}; gupsim explain lists all`,
    );
  }
  if (format === "json") {
    const entries = found.map(({ kind, name: of, explanation }) => ({ kind, name: of, ...explanation }));
    streams.out(`${JSON.stringify({ schema: "gupsim/explain/v1", entries }, null, 2)}\n`);
  } else if (name === undefined) {
    streams.out(overview(found, streams));
  } else {
    for (const one of found) streams.out(entry(one, streams));
  }
  return 0;
}

function overview(all: readonly Explained[], streams: Streams): string {
  const width = Math.max(...all.map(({ name }) => name.length));
  return all
    .map(({ kind, name, explanation }) => {
      const what = wrap(explanation.what, Math.max(40, streams.columns - width - 9), "");
      const rest = what.slice(1).map((line) => `${" ".repeat(width + 9)}${line.trim()}\n`);
      return `${kind.padEnd(6)} ${streams.strong(name.padEnd(width))}  ${what[0]}\n${rest.join("")}`;
    })
    .join("");
}

function entry({ kind, name, explanation }: Explained, streams: Streams): string {
  const { what, why, said, later, source } = explanation;
  const lines = [
    `${streams.strong(name)} (${kind})`,
    ...part("what", what, streams.columns),
    ...part("why", why, streams.columns),
    ...part("said", said ?? "the mail has nothing of it", streams.columns),
    ...part("later", later ?? "nothing that matters here", streams.columns),
    ...part("source", source, streams.columns),
  ];
  return `${lines.join("\n")}\n\n`;
}

function part(head: string, text: string, columns: number): string[] {
  const lines = wrap(text, Math.max(40, columns - 10), "");
  return lines.map((line, i) => `  ${(i === 0 ? head : "").padEnd(8)}${line.trim()}`);
}
