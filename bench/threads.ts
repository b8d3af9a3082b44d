import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../bin/gupsim.js", import.meta.url));
const study = ["run", "kvm-swap", "--variants", "plain", "--warmup", "0", "--no-out", "--quiet", "--format", "json"];
/** Jobs of a second and more, so many that the first two seconds of a thread, which it spends compiling, do not matter. */
const length = ["--set", "duration=80s"];
const seeds = Array.from({ length: 48 }, (_, i) => String(i + 1));

interface Run {
  readonly seconds: number;
  readonly digest: string;
}

/**
 * What threads are worth, in a line: a study of 48 replications on one thread and on two, and two processes that share it between them,
 * which is what the machine can do at that time. Medians of `rounds`, the three in turn.
 */
export async function threadsLine(rounds: number): Promise<string> {
  const [ones, twos, halves]: [number[], number[], number[]] = [[], [], []];
  let bytes = "same bytes";
  for (let round = 0; round < rounds; round++) {
    const one = await gupsim([...length, ...seedArguments(seeds)]);
    const two = await gupsim([...length, ...seedArguments(seeds), "--jobs", "2"]);
    const both = await Promise.all(
      [0, 1].map((half) => gupsim([...length, ...seedArguments(seeds.filter((_, i) => i % 2 === half))])),
    );
    ones.push(one.seconds);
    twos.push(two.seconds);
    halves.push(Math.max(...both.map(({ seconds }) => seconds)));
    if (one.digest !== two.digest) bytes = "OTHER BYTES";
  }
  const [one, two, half] = [ones, twos, halves].map(median) as [number, number, number];
  const job = (one / seeds.length).toFixed(2);
  return `threads    ${seeds.length} jobs of ${job} s: --jobs 2 is ${(one / two).toFixed(2)} times as fast as --jobs 1, ${bytes}; two processes side by side ${(one / half).toFixed(2)} times`;
}

function seedArguments(of: readonly string[]): string[] {
  return of.flatMap((seed) => ["--seed", seed]);
}

function gupsim(args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, [program, ...study, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    const hash = createHash("sha256");
    child.stdout.on("data", (chunk: Buffer) => hash.update(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) reject(new Error(`gupsim ${args.join(" ")} ended with ${code}`));
      else resolve({ seconds: (performance.now() - start) / 1000, digest: hash.digest("hex") });
    });
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
