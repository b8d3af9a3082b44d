import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { testTitles } from "../support/titles.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const titles = testTitles();

/** The traps that a title names: `(traps 24 and 32)`. */
const named = (title: string): number[] =>
  [...title.matchAll(/traps? ([\d, and]+)/g)].flatMap(([, list = ""]) => (list.match(/\d+/g) ?? []).map(Number));

test("docs/TRAPS.md lists all 43, each with every test that names it and no other", () => {
  const listed = new Map<number, string[]>();
  let current: string[] = [];
  for (const line of readFileSync(join(root, "docs/TRAPS.md"), "utf8").split("\n")) {
    const [, number] = /^(\d+)\. /.exec(line) ?? [];
    if (number !== undefined) {
      current = [];
      listed.set(Number(number), current);
    } else if (line.startsWith("   - ")) current.push(line.slice(5));
  }
  expect([...listed.keys()]).toEqual(Array.from({ length: 43 }, (_, i) => i + 1));
  for (const [number, tests] of listed) {
    const expected = titles.filter((title) => named(title).includes(number)).sort();
    expect([number, [...tests].sort()]).toEqual([number, expected]);
    expect([number, tests.length > 0]).toEqual([number, true]);
  }
});
