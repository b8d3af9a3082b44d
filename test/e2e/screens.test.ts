import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { interruption } from "../../bin/cli/interruption.ts";
import { gupsimAt } from "../support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-screens-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A comparison that was made before. */
const saved = join(folder, "saved");
const nobody = join(folder, "nobody.yaml");
const short = ["--set", "duration=100ms", "--seeds", "3", "--no-out"];

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
  await gupsimAt(80, ["compare", "kvm-swap", ...short.slice(0, 4), "--out", saved]);
});

const everyWidth = [40, 80, 200];

/** The screens: a name, what is typed, and the widths that it is looked at in. */
const screens: readonly (readonly [name: string, args: readonly string[], widths: readonly number[]])[] = [
  ["run", ["run", "kvm-swap", ...short], everyWidth],
  ["compare", ["compare", "kvm-swap", ...short], [80]],
  ["compare-four", ["compare", "kvm-swap", "--variants", "v3.17,v4.0,v5.4,v6.18", ...short], everyWidth],
  ["compare-role", ["compare", "kvm-swap", "--role", "proc_reader", "--site", "show_pid_map", ...short], [80]],
  ["compare-one-seed", ["compare", "kvm-swap", "--set", "duration=100ms", "--seeds", "1", "--no-out"], [80]],
  ["compare-deadlock", ["compare", "pager-self-lock", "--seeds", "2", "--no-out"], everyWidth],
  ["run-deadlock", ["run", "pager-self-lock", "--no-out"], [80]],
  ["run-empty", ["run", nobody, "--no-out", "--variants", "plain"], [40, 80]],
  ["compare-empty", ["compare", nobody, "--no-out", "--variants", "plain,unlocked"], [80]],
  ["compare-not-there", ["compare", "kvm-swap", "--role", "nobody", ...short], [80]],
  ["check-fails", ["check", "kvm-swap", "--variants", "plain", "--set", "duration=100ms", "--no-out"], everyWidth],
  ["check-inconclusive", ["check", "kvm-swap", ...short], [80]],
  ["sweep", ["sweep", "kvm-swap", "--grid", "devices.swapdev.latency=1ms,8ms", ...short.slice(0, 4)], everyWidth],
  ["whatif", ["whatif", "conversion-order", ...short.slice(0, 4)], everyWidth],
  ["report", ["report", saved], everyWidth],
  ["report-results", ["compare", `${saved}/plain.result.json`, `${saved}/unlocked.result.json`], [80]],
  ["run-lock_stat", ["run", "kvm-swap", "--as", "lock_stat", ...short], [80]],
  ["run-perf", ["run", "kvm-swap", "--as", "perf", ...short], [80]],
];

const cases = screens.flatMap(([name, args, widths]) => widths.map((width) => ({ name, args, width })));

describe("what is printed", () => {
  test.each(cases)("$name at $width columns", async ({ name, args, width }) => {
    const { out } = await gupsimAt(width, args);
    const text = out.replaceAll(folder, "FOLDER");
    await expect(text).toMatchFileSnapshot(`../golden/screens/${name}-${width}.txt`);
    if (args.includes("--as")) return;
    const wide = text.split("\n").filter((line) => line.length > width && !/\S\/\S/.test(line));
    expect(wide).toEqual([]);
    if (width >= 80 && !args.includes("--role")) expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(24);
  });

  test("of a study that was interrupted has no ratio, and begins with that", async () => {
    const args = ["compare", "kvm-swap", "--set", "duration=100ms", "--seeds", "3", "--no-out", "--warmup", "0"];
    const { out } = await interruptedAfter(5, () => gupsimAt(80, args));
    await expect(out).toMatchFileSnapshot("../golden/screens/compare-interrupted-80.txt");
    expect(out).toMatch(/^interrupted: \d of 3 pairs/);
    expect(out).not.toMatch(/[÷×]/);
  });
});

/** Runs a command that hears a signal after so many looks at whether there was one. */
async function interruptedAfter<T>(looks: number, run: () => Promise<T>): Promise<T> {
  let left = looks;
  let code: number | null = null;
  Object.defineProperty(interruption, "code", {
    configurable: true,
    get: () => (code ??= left-- <= 0 ? 130 : null),
    set: (to: number | null) => {
      code = to;
    },
  });
  try {
    return await run();
  } finally {
    Object.defineProperty(interruption, "code", { configurable: true, writable: true, value: null });
  }
}
