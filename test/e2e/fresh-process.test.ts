import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Runs the built command in a process of its own. */
function gupsim(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["dist/bin/gupsim.js", ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
}

test("two fresh processes print the same bytes, on stdout nothing but the document", () => {
  const args = [
    "compare",
    "kvm-swap",
    "--set",
    "duration=200ms",
    "--seeds",
    "2",
    "--no-out",
    "--quiet",
    "--format",
    "json",
  ];
  const first = gupsim(...args);
  const second = gupsim(...args);
  expect(first.status).toBe(0);
  expect(second.stdout).toBe(first.stdout);
  expect(first.stderr).toBe("");
  expect(JSON.parse(first.stdout).schema).toBe("gupsim/compare/v1");
});

test("a reader that goes away ends the command quietly", () => {
  const { status, stderr } = spawnSync(
    "sh",
    ["-c", "node dist/bin/gupsim.js run kvm-swap --no-out --events | head -n 1"],
    {
      encoding: "utf8",
    },
  );
  expect([status, stderr]).toEqual([0, ""]);
});

test("usage errors go to stderr with exit code 2", () => {
  const { status, stdout, stderr } = gupsim("compare", "kvm-swap", "--variants", "plain,v9");
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^gupsim: unknown preset "v9"/);
});
