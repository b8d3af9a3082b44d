import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { eventKinds, type Field, kindNames } from "./kinds.ts";

const vocabulary = fileURLToPath(new URL("../../docs/VOCABULARY.md", import.meta.url));

/** The table of all kinds, as docs/VOCABULARY.md ends with it. */
function table(): string {
  const rows = kindNames.map((kind) => {
    const { says, fields } = eventKinds[kind];
    const named = Object.entries<Field>(fields).map(([name, { says, printed = name }]) => `\`${printed}\` ${says}`);
    return `| \`${kind}\` | ${says} | ${named.join("; ")} |`;
  });
  return ["| event | what happens | fields |", "| --- | --- | --- |", ...rows, ""].join("\n");
}

test("docs/VOCABULARY.md has every event with its fields as they are declared: vitest run --update writes them", async () => {
  const [before = ""] = readFileSync(vocabulary, "utf8").split("| event |");
  await expect(`${before}${table()}`).toMatchFileSnapshot(vocabulary);
});

test("no two fields of a kind are saved in one place", () => {
  for (const kind of kindNames) {
    const slots = Object.values<Field>(eventKinds[kind].fields).map(({ slot }) => slot);
    expect(new Set(slots).size, kind).toBe(slots.length);
  }
});
