import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Measurement, measure, names } from "./cases.ts";
import { threadsLine } from "./threads.ts";

/**
 * Runs each case in a process of its own, all cases in turn, several rounds; prints the medians, and at last what threads are worth.
 * `--json` prints one line of JSON a case, `--rounds N` changes the number of rounds, names choose cases, among them `threads`.
 */
async function main(args: readonly string[]): Promise<void> {
  const one = argument(args, "--case");
  if (one !== undefined) {
    console.log(JSON.stringify(measure(one)));
    return;
  }
  const rounds = Number(argument(args, "--rounds") ?? "5");
  const isChosen = (name: string): boolean => args.includes(name);
  const chosen = names.filter((name) => isChosen(name) || ![...names, "threads"].some(isChosen));
  const runs = new Map<string, Measurement[]>(chosen.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of chosen) runs.get(name)?.push(inOwnProcess(name));
  }
  for (const measurements of runs.values()) print(median(measurements), args.includes("--json"));
  if (chosen.length === names.length || args.includes("threads")) console.log(await threadsLine(Math.min(rounds, 3)));
}

function inOwnProcess(name: string): Measurement {
  const self = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, ["--max-semi-space-size=2", self, "--case", name], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`case ${name} failed:\n${child.stderr}`);
  return JSON.parse(child.stdout) as Measurement;
}

/** The run in the middle by time. */
function median(measurements: Measurement[]): Measurement {
  const sorted = measurements.toSorted((a, b) => a.sec - b.sec);
  return sorted[Math.floor(sorted.length / 2)] as Measurement;
}

function print(m: Measurement, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(m));
    return;
  }
  const perOp = ((m.sec / m.ops) * 1e9).toFixed(1);
  console.log(
    `${m.wl.padEnd(10)} ${m.impl.padEnd(34)} ${perOp.padStart(9)} ns/op ${(m.rssKB / 1024).toFixed(0).padStart(5)} MB  ${m.check}`,
  );
}

function argument(args: readonly string[], flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at < 0 ? undefined : args[at + 1];
}

await main(process.argv.slice(2));
