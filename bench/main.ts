import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { type Case, cases } from "./cases.ts";
import { Checkout, own } from "./checkout.ts";
import type { Medians } from "./goals.ts";
import { type Measurement, median } from "./measurement.ts";
import { caseTable, goalTable } from "./tables.ts";

/**
 * `npm run bench -- [CASE…] [--against DIR] [--rounds N] [--json]`: runs each case in a process of its own, all cases in turn and of each
 * case both checkouts in turn, five rounds, and prints medians: what was asked of the speed and what came of it, then case by case.
 * DIR is another checkout, built. Progress goes to stderr.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      against: { type: "string" },
      rounds: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
      /** Run the one case that is named in this process, of the checkout in this folder. */
      here: { type: "string" },
    },
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(cases, name));
  if (unknown.length > 0) throw new RangeError(`unknown case ${unknown[0]}: one of ${Object.keys(cases).join(", ")}`);
  if (values.here !== undefined) {
    const one = cases[positionals[0] as string] as Case;
    console.log(JSON.stringify(await one.run(new Checkout(values.here))));
    return;
  }
  const folders = [own, ...(values.against === undefined ? [] : [values.against])].map((one) => new Checkout(one));
  const names = positionals.length > 0 ? positionals : Object.keys(cases);
  const [after, before = null] = measured(names, folders, Number(values.rounds));
  if (values.json) {
    console.log(
      JSON.stringify({ after: Object.fromEntries(after as Medians), before: before && Object.fromEntries(before) }),
    );
    return;
  }
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}, Node ${process.versions.node}`;
  console.log(`Medians of ${values.rounds} rounds in turn, at most as many as a case says. ${machine}.\n`);
  console.log(`${goalTable(after as Medians, before)}\n\n${caseTable(after as Medians, before)}`);
}

/** The medians of each checkout: the rounds of all cases in turn, so that what else the machine does falls on all alike. */
function measured(names: readonly string[], folders: readonly Checkout[], rounds: number): Medians[] {
  const runs = folders.map(() => new Map<string, Measurement[]>(names.map((name) => [name, []])));
  for (let round = 0; round < rounds; round++) {
    for (const name of names.filter((name) => round < ((cases[name] as Case).rounds ?? rounds))) {
      for (const [i, checkout] of folders.entries()) {
        const one = inOwnProcess(name, checkout);
        process.stderr.write(`round ${round + 1}, ${name}${i === 0 ? "" : ", before"}: ${one.sec.toFixed(3)} s\n`);
        runs[i]?.get(name)?.push(one);
      }
    }
  }
  return runs.map((of) => new Map([...of].map(([name, all]) => [name, median(all)])));
}

function inOwnProcess(name: string, checkout: Checkout): Measurement {
  const self = fileURLToPath(import.meta.url);
  const args = ["--max-semi-space-size=2", self, name, "--here", checkout.folder];
  const child = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`case ${name} of ${checkout.folder} failed:\n${child.stderr}`);
  return JSON.parse(child.stdout) as Measurement;
}

await main();
