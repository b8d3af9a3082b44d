import { existsSync } from "node:fs";
import { join } from "node:path";
import { jsonSchema } from "../../../scenarios/schema/keys/json-schema.ts";
import { command } from "../../cli/command.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { flag, optional } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";
import { OutputFolder } from "../../files/files.ts";

const scenario = `# yaml-language-server: $schema=./gupsim.schema.json
# A process that is being swapped in, read by a debugger and watched by a monitor. gupsim describe FILE prints every value with its
# origin; gupsim.schema.json, from gupsim schema, lets editors complete the keys.
schema: gupsim/scenario/v1
name: my-scenario
question: Do /proc readers wait while another process reads swapped memory?
kind: steady
duration: 1s
machine: { cpus: unlimited, costs: server-2014 }
devices:
  # Your own disk: fio --output-format=json+ ..., then latency: { fio: disk.json }
  swapdev: { kind: swap, latency: { lognormal: { p50: 8ms, p99: 20ms } }, depth: 32 }
mms:
  target:
    other_vmas: 60
    vmas:
      heap: { kind: anon, size: 1GiB, resident: 80%, keep: 80%, backing: swapdev }
tasks:
  # every: a schedule; think: a pause after each operation; compute: the same, on the CPU.
  debugger: { role: process_vm_readv, target: target, touch: heap, pages: 16, think: { exponential: 20ms } }
  monitor: { role: proc_reader, count: 2, file: maps, target: target, every: 5ms }
  allocator: { role: mm_writer, mm: target, op: mmap+munmap, size: 128KiB, every: { exponential: 3ms } }
# The last one is what check judges.
variants: [plain, unlocked]
`;

const budgets = `# What gupsim check holds the scenario against. AGGREGATE OP VALUE: count, rate, mean, min, max, pN, share(>X).
schema: gupsim/budgets/v1
budgets:
  # No IO under the lock, ever.
  - { metric: "mmap_sem.hold_io{mode=R}", assert: count == 0 }
  - { metric: "mmap_sem.wait{mode=R,role=proc_reader}", assert: p99 <= 1ms }
  # frame is 16.7ms; migration-pause is 300ms, hung-task 120s.
  - { metric: "mmap_sem.wait{mode=R,role=proc_reader}", assert: max <= frame, level: warn }
`;

const shell = `#!/usr/bin/env bash
# Fails when a budget is exceeded (1), nothing can be said (3) or the simulation stopped (4).
set -euo pipefail
cd "$(dirname "$0")"
exec npx gupsim check my-scenario.yaml --budget budgets.yaml --jobs 2 --junit gupsim-out/junit.xml "$@"
`;

const workflow = `name: hold-time budgets
on: [push, pull_request]
jobs:
  gupsim:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 20 }
      # gupsim is among the dev dependencies of this repository: npm install --save-dev, of its tarball or its git address
      - run: npm ci
      - run: bash gupsim-check.sh
      - uses: actions/upload-artifact@v4
        if: always()
        with: { name: gupsim, path: gupsim-out }
`;

/**
 * Writes a commented scenario with the schema it names, a file of budgets, and a CI job as a shell script and for GitHub Actions, that work as they are.
 * Overwrites nothing without `--force`.
 */
export default command({
  positionals: { folder: optional("where to", ".") },
  options: { force: flag("overwrite what is there") },
  run({ folder, force }, streams) {
    const files: [string, string, string][] = [
      [".", "my-scenario.yaml", scenario],
      [".", "gupsim.schema.json", jsonText(jsonSchema())],
      [".", "budgets.yaml", budgets],
      [".", "gupsim-check.sh", shell],
      [".github/workflows", "gupsim.yml", workflow],
    ];
    const there = files.map(([under, name]) => join(folder, under, name)).filter((path) => existsSync(path));
    if (there.length > 0 && !force) {
      throw new UsageError(
        `init: ${there.join(", ")} ${there.length === 1 ? "is" : "are"} there already: --force overwrites`,
      );
    }
    for (const [under, name, text] of files) {
      const path = new OutputFolder(join(folder, under)).write(name, text);
      if (!streams.quiet) streams.err(`wrote ${path}\n`);
    }
    streams.out(`next: gupsim check ${join(folder, "my-scenario.yaml")} --budget ${join(folder, "budgets.yaml")}\n`);
    return exitCodes.ok;
  },
});
