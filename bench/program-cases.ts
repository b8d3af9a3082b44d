import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Checkout } from "./checkout.ts";
import type { Measurement } from "./measurement.ts";

/** Loaded into the program: tells its peak memory when it exits. */
const tellMemory = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));',
)}`;

/** Runs the command in a folder of its own, which is removed. @throws Error when it fails. */
async function program(checkout: Checkout, ...args: readonly string[]): Promise<Measurement> {
  const cwd = mkdtempSync(join(tmpdir(), "gupsim-bench-"));
  try {
    return await gupsim(checkout, args, cwd);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function gupsim(checkout: Checkout, args: readonly string[], cwd: string): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = spawn(process.execPath, ["--import", tellMemory, checkout.program, ...args], {
      cwd,
      stdio: ["ignore", "pipe", "ignore", "pipe"],
    });
    const hash = createHash("sha256");
    let memory = "";
    child.stdout?.on("data", (chunk: Buffer) => hash.update(chunk));
    child.stdio[3]?.on("data", (chunk: Buffer) => {
      memory += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const sec = Number(process.hrtime.bigint() - start) / 1e9;
      if (code !== 0) reject(new Error(`gupsim ${args.join(" ")} ended with ${code}`));
      else resolve({ sec, ops: 1, rssKB: Number(memory), check: hash.digest("hex").slice(0, 12) });
    });
  });
}

const study = ["run", "kvm-swap", "--variants", "plain", "--warmup", "0", "--no-out", "--quiet", "--format", "json"];

/** One replication of kvm-swap, printed as JSON: how much memory so much simulated time takes. */
export async function simulated(checkout: Checkout, duration: string): Promise<Measurement> {
  return withoutCheck(await program(checkout, ...study, "--seeds", "1", "--set", `duration=${duration}`));
}

const seeds = Array.from({ length: 48 }, (_, i) => String(i + 1));

function job(of: readonly string[]): string[] {
  return [...study, "--set", "duration=20s", ...of.flatMap((seed) => ["--seed", seed])];
}

/** A study of 48 replications on so many threads; the check is its output. */
export function threads(checkout: Checkout, jobs: number): Promise<Measurement> {
  return program(checkout, ...job(seeds), "--jobs", String(jobs));
}

/** The same study shared by two processes, which is what the machine can do at that time. */
export async function halves(checkout: Checkout): Promise<Measurement> {
  const both = await Promise.all(
    [0, 1].map((half) => program(checkout, ...job(seeds.filter((_, i) => i % 2 === half)))),
  );
  return withoutCheck(both.reduce((a, b) => (a.sec > b.sec ? a : b)));
}

/** Wall time of a command whose text may differ between two checkouts. */
export async function command(checkout: Checkout, ...args: readonly string[]): Promise<Measurement> {
  return withoutCheck(await program(checkout, ...args));
}

function withoutCheck(one: Measurement): Measurement {
  return { ...one, check: "" };
}
