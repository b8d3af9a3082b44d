import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "gupsim-results-"));
afterAll(() => rmSync(folder, { recursive: true }));

const program = fileURLToPath(new URL("../../dist/bin/gupsim.js", import.meta.url));
const gupsim = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
const short = ["--set", "duration=100ms", "--seeds", "3"];

describe("results without --out", () => {
  let folders: string[] = [];
  beforeAll(() => {
    spawnSync("git", ["init", "--quiet"], { cwd: folder });
    for (const command of ["compare", "run", "check"]) gupsim(command, "kvm-swap", ...short);
    folders = readdirSync(join(folder, "gupsim-out/kvm-swap"));
  });

  test("of three commands are in three folders, each whole", () => {
    expect(folders.map((name) => name.replace(/-[0-9a-f]{8}$/, ""))).toEqual(["check", "compare", "run"]);
    const files = folders.map((name) => readdirSync(join(folder, "gupsim-out/kvm-swap", name)));
    expect(files[0]).toEqual(["check.json", "check.result.json"]);
    expect(files[1]).toContain("plain.result.json");
    expect(files[2]).toContain("result.json");
  });

  test("leave nothing that git would show as new", () => {
    expect(spawnSync("git", ["status", "--porcelain"], { cwd: folder, encoding: "utf8" }).stdout).toBe("");
  });

  test("are what report shows without an argument: of the check its verdicts with the result they are of", () => {
    const { status, stdout } = gupsim("report", "--to", "md", "--out", "-");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^### . .*kvm-swap as `unlocked`/);
    expect(stdout).toContain("### kvm-swap: `unlocked`");
  });

  test("are the same as the folder's that is named, with its page at the end", () => {
    const { stdout } = gupsim("compare", "kvm-swap", ...short);
    const named = join("gupsim-out/kvm-swap", folders[1] as string);
    expect(stdout.trimEnd().split("\n").slice(-2).join("\n")).toContain(`${named}/report.html; all of it`);
    expect(gupsim("report").stdout).toBe(stdout);
    expect(gupsim("report", named).stdout).toBe(stdout);
  });

  test("are named where a folder has several", () => {
    const { status, stderr } = gupsim("report", "gupsim-out/kvm-swap");
    expect(status).toBe(2);
    for (const name of folders) expect(stderr).toContain(join("gupsim-out/kvm-swap", name));
  });

  test("of other seeds leave those of the same command as they are", () => {
    const own = join(folder, "gupsim-out/kvm-swap", folders[2] as string);
    const before = readFileSync(join(own, "result.json"), "utf8");
    gupsim("run", "kvm-swap", "--set", "duration=100ms", "--seeds", "4");
    expect(readFileSync(join(own, "result.json"), "utf8")).toBe(before);
    expect(existsSync(join(own, "replications.ndjson"))).toBe(false);
  });
});
