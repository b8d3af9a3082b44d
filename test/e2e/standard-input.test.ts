import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gupsim-stdin-"));
afterAll(() => rmSync(folder, { recursive: true }));

function gupsim(input: string, ...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist/bin/gupsim.js"), ...args], {
    input,
    encoding: "utf8",
    cwd: folder,
  });
  return { code: status, out: stdout, err: stderr };
}

const scenario = readFileSync(join(root, "scenarios/library/kvm-swap.yaml"), "utf8");
const listing = readFileSync(join(root, "traces/samples/reported/K4-two-points.hgrm"), "utf8");

describe("standard input, named -", () => {
  test("is a scenario that validate checks, with the place of what is wrong", () => {
    expect(gupsim(scenario, "validate", "-")).toEqual({ code: 0, out: "<stdin>: ok\n", err: "" });
    const bad = gupsim(scenario.replace("resident:", "residnet:"), "validate", "-");
    expect([bad.code, bad.out]).toEqual([2, ""]);
    expect(bad.err).toMatch(/^<stdin>:\d+:\d+: mms\.\S+\.residnet: unknown key \(did you mean "resident"\?\)/m);
    expect(gupsim("", "validate", "-")).toMatchObject({ code: 2, out: "" });
  });

  test("is a scenario that describe and check read, and the command that repeats it says so", () => {
    // The name of the file takes more room than that of standard input.
    const flat = (text: string): string => text.replaceAll(/\s+/g, " ");
    expect(flat(gupsim(scenario, "describe", "-").out)).toBe(
      flat(gupsim("", "describe", "kvm-swap").out).replace(/\S*kvm-swap\.yaml;/, "<stdin>;"),
    );
    const args = ["check", "-", "--set", "duration=20ms", "--seeds", "2", "--format", "json", "--no-out"];
    const checked = gupsim(scenario, ...args);
    expect(checked.code).toBe(3);
    expect(JSON.parse(checked.out)).toMatchObject({ scenario: "kvm-swap" });
    expect(checked.out).toContain("gupsim check - ");
  });

  test("is a law where a scenario names it, and one thing only", () => {
    const file = join(folder, "law.yaml");
    writeFileSync(file, scenario.replace(/latency: \{.*?\} \}/, 'latency: { hgrm: "-", unit: us }'));
    expect(gupsim(listing, "describe", file).out.replaceAll(/\n +/g, " ")).toContain(
      "devices.swapdev.latency: 10,000 values, mean 1.09 ms, p50 100 µs, p99 10.0 ms, max 10.0 ms |█      ▁| 65.5 µs to 16.8 ms",
    );
    const both = gupsim(readFileSync(file, "utf8"), "validate", "-");
    expect([both.code, both.err]).toEqual([
      2,
      expect.stringContaining("devices.swapdev.latency.hgrm: standard input was read as the scenario already"),
    ]);
  });

  test("is a file of budgets, but none that can be rewritten", () => {
    const budgets = "schema: gupsim/budgets/v1\nbudgets:\n  - { metric: section_lost, assert: count >= 0 }\n";
    const args = ["check", "kvm-swap", "--set", "duration=20ms", "--budget", "-", "--no-out"];
    const { code, out } = gupsim(budgets, ...args);
    expect([code, out]).toEqual([0, expect.stringContaining("✓  section_lost")]);
    expect(gupsim(budgets, ...args, "--update")).toMatchObject({ code: 2, err: expect.stringContaining("--update") });
  });
});
