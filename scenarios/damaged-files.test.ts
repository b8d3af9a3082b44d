import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { loadBudgets, loadScenario, ScenarioError } from "./load.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-damaged-"));
const file = join(folder, "damaged.yaml");
afterAll(() => rmSync(folder, { recursive: true }));

const shipped = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const scenarios = ["kvm-swap", "user-served-stall", "adoption-slider", "retry-metastable"].map((name) =>
  shipped(`library/${name}.yaml`),
);
const budgets = `schema: gupsim/budgets/v1
budgets:
  - { metric: "mmap_sem.hold_io{mode=R,class=swap}", assert: count == 0, level: warn }
  - { metric: "mmap_sem.wait{mode=R,role=proc_reader}", assert: p99 <= 1ms, confidence: 99% }
  - { metric: "mmap_sem.wait{mode=R,mm=qemu}", assert: share(> 16.7ms) <= 0.1%, waive: { until: 2026-12-31, reason: x } }
  - { metric: op.count, assert: rate >= baseline - 5%, minEffect: 3% }
`;

/** Words that mean something to a language rather than to a scenario, and values of other types. */
const strangers = [
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "null",
  "~",
  "[]",
  "{}",
  "-1",
  "1e400",
  ".nan",
  "true",
  '""',
  "0x10",
  "p0",
  "p100",
  "5 5",
  "*x",
  "&x",
];

/** A text with a word replaced, a line gone or doubled, a character turned or cut off in the middle. */
const damaged = (texts: readonly string[]) =>
  fc
    .record({
      text: fc.constantFrom(...texts),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      how: fc.constantFrom("word", "gone", "twice", "turned", "cut"),
      stranger: fc.constantFrom(...strangers),
    })
    .map(({ text, at, how, stranger }) => {
      if (how === "cut") return text.slice(0, Math.floor(at * text.length));
      if (how === "turned") {
        const i = Math.floor(at * (text.length - 1));
        return `${text.slice(0, i)}${String.fromCharCode(33 + (i % 90))}${text.slice(i + 1)}`;
      }
      if (how === "word") {
        const words = [...text.matchAll(/[\w.%-]+/g)];
        const word = words[Math.floor(at * (words.length - 1))] as RegExpExecArray;
        return `${text.slice(0, word.index)}${stranger}${text.slice(word.index + word[0].length)}`;
      }
      const lines = text.split("\n");
      const i = Math.floor(at * (lines.length - 1));
      lines.splice(i, 1, ...(how === "twice" ? [lines[i] as string, lines[i] as string] : []));
      return lines.join("\n");
    });

/** Is it read, or refused with a place for each problem? Anything else is a bug of ours. */
function isReadOrRefused(content: string, read: () => void): void {
  writeFileSync(file, content);
  try {
    read();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    for (const { line, col } of error.problems) expect([line >= 1, col >= 1]).toEqual([true, true]);
    expect(error.message).toMatch(/^\S+:\d+:\d+: ./);
  }
}

describe("a damaged file is read or refused with its place, and never a bug of ours", () => {
  test("a scenario", () => {
    fc.assert(
      fc.property(damaged(scenarios), (content) => isReadOrRefused(content, () => loadScenario(file))),
      { numRuns: 400 },
    );
  });

  test("a file of budgets", () => {
    const { scenario } = loadScenario("kvm-swap");
    fc.assert(
      fc.property(damaged([budgets]), (content) => isReadOrRefused(content, () => loadBudgets(file, scenario))),
      { numRuns: 600 },
    );
  });

  test("a budget whose metric, tag, aggregate or limit is a word of the language", () => {
    const { scenario } = loadScenario("kvm-swap");
    for (const word of strangers) {
      for (const [from, to] of [
        ["op.count", word],
        ["mmap_sem.wait", word],
        ["mode=R,mm=qemu", `${word}=R`],
        ["mode=R,mm=qemu", `mode=${word}`],
        ["p99 <=", `${word} <=`],
        ["1ms", word],
        ["2026-12-31", word],
      ] as const) {
        isReadOrRefused(budgets.replace(from, to), () => loadBudgets(file, scenario));
      }
    }
    isReadOrRefused("schema: gupsim/budgets/v1\nbudgets:\n", () => loadBudgets(file, scenario));
    isReadOrRefused("schema: gupsim/budgets/v1\nbudgets: [~]\n", () => loadBudgets(file, scenario));
  });
});
