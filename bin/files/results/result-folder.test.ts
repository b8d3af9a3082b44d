import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { latestResults, pointLatest } from "./latest.ts";
import { type AskedResults, resultPath } from "./result-folder.ts";

const nothing: AskedResults = {
  set: [],
  seed: [],
  seeds: undefined,
  variants: undefined,
  precision: undefined,
  warmup: "auto",
  out: undefined,
};
const scenario = { name: "kvm-swap" };

describe("the folder of a command's results", () => {
  test("has the command's own name, so that no command overwrites another's", () => {
    expect(resultPath("compare", nothing, scenario)).toBe("kvm-swap/compare");
    expect(resultPath("check", nothing, scenario)).toBe("kvm-swap/check");
  });

  test.each<[string, Partial<AskedResults>]>([
    ["a value", { set: ["duration=60ms"] }],
    ["seeds", { seeds: "3" }],
    ["a seed", { seed: ["3"] }],
    ["variants", { variants: "plain" }],
    ["a precision", { precision: "5%" }],
    ["a warm-up", { warmup: "10ms" }],
    ["budgets", { budget: "b.yaml" }],
    ["a baseline", { baseline: "b.json" }],
  ])("is another one with %s, and the same one again with the same", (_, change) => {
    const path = resultPath("check", { ...nothing, ...change }, scenario);
    expect(path).toMatch(/^kvm-swap\/check-[0-9a-f]{8}$/);
    expect(resultPath("check", { ...nothing, ...change }, scenario)).toBe(path);
  });

  test("is different for different values and for different options of the same value", () => {
    const paths = [{ seeds: "3" }, { seeds: "4" }, { seed: ["3"] }, { seed: ["3", "4"] }, { set: ["3"] }];
    expect(new Set(paths.map((change) => resultPath("run", { ...nothing, ...change }, scenario))).size).toBe(5);
  });

  test("of a scenario that is called latest is not where the link is", () => {
    expect(resultPath("run", nothing, { name: "latest" })).toBe("latest-scenario/run");
  });
});

describe("the latest results", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "gupsim-latest-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test("are where the last command pointed to, and nothing else is left behind", () => {
    mkdirSync(join(root, "kvm-swap/run"), { recursive: true });
    pointLatest(root, "kvm-swap/compare");
    pointLatest(root, "kvm-swap/run");
    expect(latestResults(root)).toBe(join(root, "kvm-swap/run"));
    expect(readlinkSync(join(root, "latest"))).toBe("kvm-swap/run");
    expect(readdirSync(root).sort()).toEqual(["kvm-swap", "latest"]);
  });

  test("are found by a file with their path where there are no links, and a link replaces it", () => {
    writeFileSync(join(root, "latest"), "kvm-swap/compare\n");
    expect(latestResults(root)).toBe(join(root, "kvm-swap/compare"));
    pointLatest(root, "kvm-swap/run");
    expect(latestResults(root)).toBe(join(root, "kvm-swap/run"));
  });

  test("are refused where there are none", () => {
    expect(() => latestResults(root)).toThrow("has no latest results");
  });
});
