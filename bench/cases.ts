import type { Checkout } from "./checkout.ts";
import type { Measurement } from "./measurement.ts";
import { command, halves, simulated, threads } from "./program-cases.ts";
import { crowd, lasting, replication, silent } from "./study-cases.ts";
import { lockPair, sleep, w3, w3Switch } from "./w3/cases.ts";

/** One thing that is timed. */
export interface Case {
  /** What it is, for a table. */
  readonly says: string;
  /** What is counted; the program as a whole is timed where nothing is. */
  readonly unit: "acquisition" | "pair" | "sleep" | "event" | "";
  /** At most so many rounds, for what takes long and varies little. */
  readonly rounds?: number;
  run(checkout: Checkout): Promise<Measurement> | Measurement;
}

/** The scenarios whose replications are timed. The last has two CPUs; on the others each task has its own. */
export const timedScenarios = ["kvm-swap", "proc-readers", "retry-metastable", "real-v2-procmem"] as const;
const scenarios: Readonly<Record<string, Case>> = Object.fromEntries(
  timedScenarios.flatMap((name): [string, Case][] => [
    [`${name}-none`, { says: `${name}, 20 s, none`, unit: "event", run: (of) => silent(of, name, "duration=20s") }],
    [
      `${name}-every`,
      { says: `${name}, 20 s, all`, unit: "event", run: (of) => replication(of, name, "duration=20s") },
    ],
  ]),
);

/** All cases, in the order in which they run. "None", "all": how many of the listeners of a replication hear the run. */
export const cases: Readonly<Record<string, Case>> = {
  "w3-switch": { says: "W3, hand-written switch", unit: "acquisition", run: w3Switch },
  "w3-depth1": { says: "W3, depth 1, none", unit: "acquisition", run: (of) => w3(of, 1, []) },
  "w3-depth4": { says: "W3, depth 4, none", unit: "acquisition", run: (of) => w3(of, 4, []) },
  "w3-depth8": { says: "W3, depth 8, none", unit: "acquisition", run: (of) => w3(of, 8, []) },
  "w3-histograms": {
    says: "W3, depth 4, lock_stat",
    unit: "acquisition",
    run: async (of) => w3(of, 4, await of.histograms()),
  },
  "w3-blame": {
    says: "W3, depth 4, lock_stat and blame",
    unit: "acquisition",
    run: async (of) => w3(of, 4, await of.ledger()),
  },
  "w3-every": {
    says: "W3, depth 4, all",
    unit: "acquisition",
    run: async (of) => w3(of, 4, await of.everyListener()),
  },
  "lock-pair": { says: "down_read and up_read, uncontended", unit: "pair", run: lockPair },
  sleep: { says: "a sleep nobody interrupts", unit: "sleep", run: sleep },
  ...scenarios,
  "cpus-16": {
    says: "proc-readers on 16 shared CPUs, 20 s, none",
    unit: "event",
    run: (of) => silent(of, "proc-readers", "duration=20s", "machine.cpus=16"),
  },
  "cpus-3": {
    says: "proc-readers on 3 shared CPUs, 20 s, none",
    unit: "event",
    run: (of) => silent(of, "proc-readers", "duration=20s", "machine.cpus=3"),
  },
  "tasks-10": { says: "kvm-swap, 10 vcpus, all", unit: "event", run: (of) => crowd(of, 10) },
  "tasks-100": { says: "kvm-swap, 100 vcpus with the same load, all", unit: "event", run: (of) => crowd(of, 100) },
  "tasks-1000": { says: "kvm-swap, 1,000 vcpus with the same load, all", unit: "event", run: (of) => crowd(of, 1000) },
  "time-1": { says: "kvm-swap, 1 s, all", unit: "event", run: (of) => lasting(of, "1s") },
  "time-60": { says: "kvm-swap, 60 s, all", unit: "event", run: (of) => lasting(of, "60s") },
  "time-600": { says: "kvm-swap, 600 s, all", unit: "event", rounds: 1, run: (of) => lasting(of, "600s") },
  "rss-1": { says: "run kvm-swap --no-out --format json, 1 s", unit: "", run: (of) => simulated(of, "1s") },
  "rss-60": { says: "the same, 60 s", unit: "", run: (of) => simulated(of, "60s") },
  "rss-600": { says: "the same, 600 s", unit: "", rounds: 1, run: (of) => simulated(of, "600s") },
  start: { says: "npm start: compare kvm-swap", unit: "", run: (of) => command(of, "compare", "kvm-swap") },
  help: { says: "gupsim --help", unit: "", run: (of) => command(of, "--help") },
  "jobs-1": { says: "run, 48 replications of 20 s, --jobs 1", unit: "", rounds: 3, run: (of) => threads(of, 1) },
  "jobs-2": { says: "the same, --jobs 2", unit: "", rounds: 3, run: (of) => threads(of, 2) },
  "jobs-halves": { says: "the same by two processes", unit: "", rounds: 3, run: halves },
};
