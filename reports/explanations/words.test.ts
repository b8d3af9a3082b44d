import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { costNames } from "../../sim/costs.ts";
import { metricVocabulary } from "../../sim/measure/metrics/vocabulary.ts";
import { effectSigns } from "../documents/comparison/difference-words.ts";
import { meaningsOf } from "./all.ts";
import { vocabulary } from "./vocabulary.ts";

const reports = fileURLToPath(new URL("..", import.meta.url));
const markdown = fileURLToPath(new URL("../../docs/VOCABULARY.md", import.meta.url));

/** The heads of the tables that the code prints, as they stand in it. */
function heads(): string[] {
  const files = readdirSync(join(reports, "text"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => [
      ...readFileSync(join(reports, "text", file), "utf8").matchAll(/(?:head: |^ {2}(?:count|duration)\()"([^"]+)"/gm),
    ])
    .flatMap(([, head = ""]) => (head.trim() === "" ? [] : [head]));
}

function unknown(words: readonly string[]): string[] {
  return words.filter((word) => meaningsOf(word).length === 0);
}

describe("explain knows the words of its own screens", () => {
  test("every head of a table", () => {
    expect(heads().length).toBeGreaterThan(80);
    expect(unknown(heads())).toEqual([]);
  });

  test("every metric, with and without its tags, and every tag", () => {
    const names = Object.keys(metricVocabulary);
    expect(unknown(names)).toEqual([]);
    expect(unknown(names.map((name) => `${name}{mode=R}`))).toEqual([]);
    expect(unknown(Object.values(metricVocabulary).flatMap((metric) => metric.tags))).toEqual([]);
  });

  test("every cost, every file of costs, and every sign of a comparison", () => {
    expect(unknown(costNames)).toEqual([]);
    const files = readdirSync(join(reports, "../scenarios/costs")).map((file) => file.replace(".yaml", ""));
    expect(unknown(files)).toEqual([]);
    expect(unknown(Object.values(effectSigns))).toEqual([]);
  });

  test("what is said of mmap_lock, the name since v5.8, is that of mmap_sem", () => {
    for (const of of ["", ".hold", ".wait{mode=R}", ".hold_io"]) {
      expect(meaningsOf(`mmap_lock${of}`)).toEqual(meaningsOf(`mmap_sem${of}`));
      expect(meaningsOf(`mmap_lock${of}`).length).toBeGreaterThan(0);
    }
  });

  test("words that a first reader asks for", () => {
    const asked =
      "hold wait contentions grant_delay convoy carrier kvm_vcpu proc_reader think keep hold_io MSER-5".split(" ");
    expect(unknown([...asked, "deadlock", "leaked-lock", "work-done", "server-2014", "VMA lock"])).toEqual([]);
  });
});

test("docs/VOCABULARY.md begins with the words that explain knows: vitest run --update writes them", async () => {
  const [, events = ""] = readFileSync(markdown, "utf8").split("\n## Events");
  const rows = vocabulary.map(({ words, meaning, source }) => `| ${words} | ${meaning} | ${source} |`);
  const table = ["# Vocabulary", "", "| word | meaning here | source |", "| --- | --- | --- |", ...rows, ""].join("\n");
  await expect(`${table}\n## Events${events}`).toMatchFileSnapshot(markdown);
});
