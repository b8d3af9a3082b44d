import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../../dist/bin/gupsim.js", import.meta.url));
const jobClock = new URL("../support/signal-after.mjs", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "gupsim-interrupt-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** The finished cells in the journal of a folder: whole lines that are one. */
function finished(out: string): number {
  const journal = join(out, "replications.ndjson");
  const lines = existsSync(journal) ? readFileSync(journal, "utf8").split("\n").slice(0, -1) : [];
  return lines.filter((line) => JSON.parse(line).type === "cell").length;
}

/** Runs the program; it gets `signal` as soon as two replications are finished. */
function gupsim(args: readonly string[], out: string, signal: NodeJS.Signals | null): Promise<Ended> {
  return new Promise((resolve) => {
    const clock = signal === null ? [] : ["--import", jobClock];
    const env = { ...process.env, SIGNAL: signal ?? "", SIGNAL_AFTER: "2" };
    const child = spawn(process.execPath, [...clock, program, ...args, "--out", out], { env });
    const said: Ended = { code: null, out: "", err: "" };
    child.stdout.on("data", (data) => {
      said.out += data;
    });
    child.stderr.on("data", (data) => {
      said.err += data;
    });
    child.on("close", (code) => resolve({ ...said, code }));
  });
}

const studies = [
  { command: "run", jobs: "1", variants: "plain", of: 12, code: 0 },
  { command: "compare", jobs: "2", variants: "plain,unlocked", of: 24, code: 0 },
  { command: "check", jobs: "1", variants: "plain", of: 12, code: 1 },
  { command: "check", jobs: "2", variants: "plain", of: 12, code: 1 },
];

describe.each(studies)("$command on $jobs threads", ({ command, jobs, variants, of, code }) => {
  const set = ["--set", "duration=50ms", "--warmup", "0"];
  const args = [
    command,
    "kvm-swap",
    "--variants",
    variants,
    "--seeds",
    "12",
    "--jobs",
    jobs,
    ...set,
    "--format",
    "json",
  ];
  const name = `${command}-${jobs}`;

  test("that gets SIGINT keeps what is done, says that it is not complete, and the next run resumes to the same bytes", async () => {
    const out = join(folder, `int-${name}`);
    const first = await gupsim(args, out, "SIGINT");
    expect(first.code).toBe(130);
    const partial = JSON.parse(first.out);
    expect(partial.complete).toBe(false);
    expect(partial.seeds.length).toBeLessThan(12);
    const kept = finished(out);
    expect(kept).toBeGreaterThanOrEqual(2);

    const second = await gupsim(args, out, null);
    expect(second.err).toContain(`resumed ${kept} of ${of} replications from an interrupted run`);
    expect(existsSync(join(out, "replications.ndjson"))).toBe(false);
    const whole = await gupsim(args, join(folder, `whole-${name}`), null);
    expect(second.out).toBe(whole.out);
    expect([JSON.parse(whole.out).complete, whole.code]).toEqual([true, code]);
  });

  test("that is killed loses no finished replication, and a torn line is done again, which is said", async () => {
    const out = join(folder, `kill-${name}`);
    const first = await gupsim(args, out, "SIGKILL");
    expect(first.code).toBeNull();
    const kept = finished(out);
    appendFileSync(join(out, "replications.ndjson"), '{"type":"cell","id":"');
    const second = await gupsim(args, out, null);
    expect(second.err).toContain(`resumed ${kept} of ${of} replications`);
    expect(second.err).toMatch(
      /redoing [12] replications?: (it is|they are) of another scenario, version or warm-up, or not whole/,
    );
    expect(second.code).toBe(code);
  });
});

test("a sweep into a folder that gets SIGINT prints whole rows alone, and the next one resumes to the same bytes on any number of threads", async () => {
  const grid = ["--grid", "devices.swapdev.latency=100us,200us,400us", "--variants", "plain", "--seeds", "4"];
  const args = ["sweep", "kvm-swap", ...grid, "--set", "duration=300ms", "--format", "csv"];
  const out = join(folder, "sweep");
  const first = await gupsim(args, out, "SIGINT");
  expect(first.code).toBe(130);
  const kept = finished(out);
  const second = await gupsim([...args, "--jobs", "2"], out, null);
  expect(second.err).toContain(`resumed ${kept} of 12 replications from an interrupted run`);
  const whole = await gupsim(args, join(folder, "sweep-whole"), null);
  expect([second.out, second.code]).toEqual([whole.out, 0]);
  expect(whole.out.startsWith(first.out)).toBe(true);
  expect(existsSync(join(out, "replications.ndjson"))).toBe(false);
});
