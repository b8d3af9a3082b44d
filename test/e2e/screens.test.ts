import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { interrupt, interruption } from "../../bin/cli/interruption.ts";
import { gupsimAt } from "../support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-screens-"));
afterAll(() => rmSync(folder, { recursive: true }));

const nobody = join(folder, "nobody.yaml");

/** Studies that are made once, and shown at each width: a name, and what is simulated. */
const studies: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["two", ["compare", "kvm-swap", "--set", "duration=100ms", "--seeds", "3"]],
  // Each of the later ones differs in one rule, so that there is nothing to run rule by rule.
  ["four", ["compare", "kvm-swap", "--variants", four(), "--set", "duration=60ms", "--seeds", "2"]],
  ["whole", ["run", "kvm-swap", "--variants", "plain", "--set", "duration=500ms", "--seeds", "2"]],
];

function four(): string {
  return ["plain", "plain+gup=v4.0", "plain+vma=v6.18", "plain+rwsem=modern"].join(",");
}

const saved = (study: string): string => join(folder, study);

beforeAll(async () => {
  writeFileSync(
    nobody,
    `schema: gupsim/scenario/v1
name: nobody
question: what is there to see when nothing happens?
duration: 1ms
mms: { p: { vmas: { ram: { kind: anon, size: 1MiB } } } }
tasks:
  late: { role: mm_writer, mm: p, op: mmap+munmap, size: 8KiB, every: 1s }
`,
  );
  for (const [name, args] of studies) {
    const { err } = await gupsimAt(80, [...args, "--quiet", "--out", saved(name)]);
    expect(err).toBe("");
  }
});

const everyWidth = [40, 80, 200];
const tiny = ["--set", "duration=30ms", "--seeds", "2"];

/** The screens: a name, what is typed, and the widths that it is looked at in. */
const screens: readonly (readonly [name: string, args: readonly string[], widths: readonly number[]])[] = [
  ["run", ["report", `${saved("two")}/plain.result.json`], everyWidth],
  ["run-whole", ["report", saved("whole")], [80]],
  ["compare", ["report", saved("two")], everyWidth],
  ["compare-full", ["report", saved("two"), "--full"], [80]],
  ["compare-four", ["report", saved("four")], everyWidth],
  ["compare-role", ["report", saved("two"), "--role", "proc_reader", "--site", "show_pid_map"], [40, 80]],
  ["compare-one-seed", ["compare", "kvm-swap", "--set", "duration=60ms", "--seeds", "1", "--no-out"], [80]],
  ["compare-deadlock", ["compare", "pager-self-lock", ...tiny, "--no-out"], everyWidth],
  ["run-deadlock", ["run", "pager-self-lock", ...tiny, "--no-out"], [80]],
  ["run-empty", ["run", nobody, "--no-out", "--variants", "plain"], [40, 80]],
  ["compare-empty", ["compare", nobody, "--no-out", "--variants", "plain,unlocked"], [80]],
  ["compare-not-there", ["report", saved("two"), "--role", "nobody"], [80]],
  ["check-fails", ["check", `${saved("whole")}/result.json`], everyWidth],
  ["check-full", ["check", `${saved("whole")}/result.json`, "--full"], [40, 80]],
  ["check-inconclusive", ["check", `${saved("two")}/unlocked.result.json`], [40, 80]],
  ["check-deadlock", ["check", "pager-self-lock", "--variants", "v5.4+gup=plain", ...tiny, "--no-out"], [80]],
  ["sweep", ["sweep", "kvm-swap", "--grid", "devices.swapdev.latency=1ms,8ms", ...tiny], everyWidth],
  ["whatif", ["whatif", "conversion-order", "--set", "duration=100ms", "--seeds", "2"], everyWidth],
  ["report-results", ["compare", `${saved("two")}/plain.result.json`, `${saved("two")}/unlocked.result.json`], [80]],
  ["run-lock_stat", ["report", `${saved("two")}/plain.result.json`, "--as", "lock_stat"], [80]],
  ["run-perf", ["report", `${saved("two")}/plain.result.json`, "--as", "perf"], [80]],
];

const cases = screens.flatMap(([name, args, widths]) => widths.map((width) => ({ name, args, width })));

describe("what is printed", () => {
  test.each(cases)("$name at $width columns", async ({ name, args, width }) => {
    const { out } = await gupsimAt(width, args);
    const text = out.replaceAll(folder, "FOLDER");
    await expect(text).toMatchFileSnapshot(`../golden/screens/${name}-${width}.txt`);
    if (args.includes("--as")) return;
    // A word that is wider than the terminal cannot be broken.
    const wide = text
      .split("\n")
      .filter((line) => line.length > width && / /.test(line.trim()) && !/\S\/\S/.test(line));
    expect(wide).toEqual([]);
    if (width >= 80 && !args.includes("--role") && !args.includes("--full"))
      expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(24);
  });

  test("of a study that was interrupted has no ratio, and begins with that", async () => {
    const args = ["compare", "kvm-swap", "--set", "duration=60ms", "--seeds", "3", "--no-out", "--warmup", "0"];
    let finished = 0;
    const { out } = await gupsimAt(80, args, (text) => {
      if (text !== "" && ++finished === 5) interrupt(130);
    });
    interruption.code = null;
    await expect(out).toMatchFileSnapshot("../golden/screens/compare-interrupted-80.txt");
    expect(out).toMatch(/^interrupted: \d of 3 pairs/);
    expect(out).not.toMatch(/[÷×]/);
  });
});
