import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { gupsimAt } from "../support/gupsim.ts";

const program = fileURLToPath(new URL("../../dist/bin/gupsim.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gupsim-robust-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("an option without its value", () => {
  test.each([
    ["run kvm-swap --set", "set"],
    ["run kvm-swap --seeds", "seeds"],
    ["run kvm-swap --seed", "seed"],
    ["compare kvm-swap --variants", "variants"],
    ["run kvm-swap --warmup", "warmup"],
    ["run kvm-swap --out", "out"],
    ["run kvm-swap --window", "window"],
    ["sweep io-latency-slope --grid", "grid"],
    ["describe --preset", "preset"],
    ["whatif kvm-swap --speedup", "speedup"],
  ])("%s: is refused as wrong usage, and named", async (line, option) => {
    const { code, out, err } = await gupsimAt(80, line.split(" "));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(new RegExp(`Not enough arguments following: ${option}|Missing .*${option}`));
    expect(err).not.toContain("a bug of ours");
  });
});

describe("a folder for results that cannot be made", () => {
  test("below a file, or in /proc where nothing can be made: ends with the reason, and does not try for ever", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    for (const out of [join(file, "below"), ...(process.platform === "linux" ? ["/proc/x", "/proc/x/y"] : [])]) {
      const args = [program, "run", "kvm-swap", "--set", "duration=10ms", "--out", out];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 120_000 });
      expect([out, status, stderr]).toEqual([out, 5, expect.stringContaining(`cannot write to ${out}`)]);
    }
  });

  test("with missing folders above it is made with them", () => {
    const out = join(folder, "a/b/c");
    const args = [program, "run", "kvm-swap", "--set", "duration=10ms", "--out", out];
    expect(spawnSync(process.execPath, args, { encoding: "utf8" }).status).toBe(0);
  });
});

test("a signal ends a command that has nothing to keep at once, in the middle of its calculation", async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const child = spawn(process.execPath, [program, "review"]);
    // Its own module is loaded when it begins to say something, on no terminal nothing: some of its calculation is under way by then.
    await new Promise((resolve) => setTimeout(resolve, 700));
    child.kill(signal);
    const ended = await new Promise((resolve) => child.on("close", (code, by) => resolve(by ?? code)));
    // It may have been faster than the signal.
    expect([signal, 0]).toContain(ended);
  }
});

test.each(["run kvm-swap --seed 1 --warmup 0", "run kvm-swap --seeds 2", "check kvm-swap --seeds 10"])(
  "a signal ends `%s` of an hour, in the middle of a replication",
  async (line) => {
    const args = [program, ...line.split(" "), "--set", "duration=3600s", "--out", join(folder, "endless")];
    const child = spawn(process.execPath, args);
    const ended = new Promise((resolve) => child.on("close", (code, by) => resolve(by ?? code)));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill("SIGINT");
    expect(["SIGINT", 130]).toContain(await ended);
  },
);
