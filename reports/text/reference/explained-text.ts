import type { Explained } from "../../explanations/all.ts";
import { beside, wrap } from "../../words/sentences.ts";

/** All that can be explained, with a line each. @param strong how a name is set off. */
export function overviewText(all: readonly Explained[], columns: number, strong: (text: string) => string): string {
  const width = Math.max(...all.map(({ name }) => name.length));
  return all
    .flatMap(({ kind, name, explanation }) => {
      const lines = beside(`${kind.padEnd(6)} ${name}`, explanation.what, width + 9, columns);
      return lines.map((line, i) => `${i === 0 ? line.replace(name, () => strong(name)) : line}\n`);
    })
    .join("");
}

/** What one thing is and where it can be read; of what was a choice, also why it exists, who said it and what became of it. @param strong how its name is set off. */
export function explainedText(
  { kind, name, explanation }: Explained,
  columns: number,
  strong: (text: string) => string,
): string {
  const { what, why, said, later, source } = explanation;
  const lines = [
    `${strong(name)} (${kind})`,
    ...part("what", what, columns),
    ...(why === null ? [] : part("why", why, columns)),
    ...(why === null ? [] : part("said", said ?? "the mail has nothing of it", columns)),
    ...(why === null ? [] : part("later", later ?? "nothing that matters here", columns)),
    ...part("source", source, columns),
  ];
  return `${lines.join("\n")}\n\n`;
}

function part(head: string, text: string, columns: number): string[] {
  const lines = wrap(text, columns - 10, "");
  return lines.map((line, i) => `  ${(i === 0 ? head : "").padEnd(8)}${line.trim()}`);
}
