import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../dist/bin/gupsim.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gupsim-interrupt-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the program; kills it with `signal` as soon as its journal has `lines` lines. */
function gupsim(args: string[], out: string, signal: NodeJS.Signals | null, lines = 2): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args, "--out", out]);
    const said: Ended = { code: null, out: "", err: "" };
    child.stdout.on("data", (data) => {
      said.out += data;
    });
    child.stderr.on("data", (data) => {
      said.err += data;
    });
    const journal = join(out, "replications.ndjson");
    const watch = setInterval(() => {
      if (signal === null || !existsSync(journal)) return;
      if (readFileSync(journal, "utf8").split("\n").length <= lines) return;
      clearInterval(watch);
      child.kill(signal);
    }, 5);
    child.on("close", (code) => {
      clearInterval(watch);
      resolve({ ...said, code });
    });
  });
}

describe.each([["1"], ["2"]])("a study on %s threads", (jobs) => {
  const args = ["check", "kvm-swap", "--variants", "plain", "--seeds", "12", "--jobs", jobs, "--format", "json"];
  const journalOf = (out: string): string => readFileSync(join(out, "replications.ndjson"), "utf8");

  test("that gets SIGINT keeps what is done, says that it is not complete, and the next run resumes to the same bytes", async () => {
    const out = join(folder, `int-${jobs}`);
    const first = await gupsim(args, out, "SIGINT");
    expect(first.code).toBe(130);
    const partial = JSON.parse(first.out);
    expect(partial.complete).toBe(false);
    expect(partial.seeds.length).toBeLessThan(12);
    // Beside the line that says what the study is about.
    const kept = journalOf(out).trim().split("\n").length - 1;
    expect(kept).toBeGreaterThanOrEqual(2);

    const second = await gupsim(args, out, null);
    expect(second.err).toContain(`resumed ${kept} of 12 replications from an interrupted run`);
    expect(existsSync(join(out, "replications.ndjson"))).toBe(false);
    const whole = await gupsim(args, join(folder, `whole-${jobs}`), null);
    expect(second.out).toBe(whole.out);
    expect(JSON.parse(whole.out).complete).toBe(true);
  });

  test("that is killed loses no finished replication, and a torn line is skipped", async () => {
    const out = join(folder, `kill-${jobs}`);
    const first = await gupsim(args, out, "SIGKILL");
    expect(first.code).toBeNull();
    const lines = journalOf(out).split("\n");
    const whole = lines.filter((line) => {
      try {
        return JSON.parse(line).type === "replication";
      } catch {
        return false;
      }
    }).length;
    const second = await gupsim(args, out, null);
    expect(second.err).toContain(`resumed ${whole} of 12 replications`);
    expect(second.code).toBe(1);
  });
});
