import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import type { Budget } from "../../sim/study/budget.ts";
import { siteBudget } from "../../sim/study/regression.ts";
import { type Replication, replicateOnce } from "../../sim/study/replication.ts";
import { moments } from "../../sim/study/statistics.ts";
import { valuesOf } from "../../sim/study/observed.ts";

/** One thing that is 5 % slower, and the site whose hold it lengthens. */
export interface Slower {
  readonly scenario: string;
  readonly what: string;
  readonly set: string;
  readonly site: string;
}

const slowerDisk = "devices.swapdev.latency={ lognormal: { p50: 8.4ms, p99: 21ms } }";
// Costs are whole nanoseconds: 250 become 263.
const slowerMaps = "machine.cost.show_map_vma=263ns";

/** What a gate is there to find: the runs stay aligned. */
export const aligned: readonly Slower[] = [
  { scenario: "kvm-swap", what: "maps readers", set: slowerMaps, site: "show_pid_map" },
  { scenario: "proc-readers", what: "maps readers", set: slowerMaps, site: "show_pid_map" },
  { scenario: "pvm-readv-batch", what: "the disk", set: slowerDisk, site: "process_vm_rw_single_vec" },
];

/** Where all vcpus wait for the disk, a slower one shifts each of their touches: the runs drift apart. */
export const drifting: readonly Slower[] = [
  { scenario: "kvm-swap", what: "the disk", set: slowerDisk, site: "async_pf_execute" },
  { scenario: "proc-readers", what: "the disk", set: slowerDisk, site: "async_pf_execute" },
];

/** What pairing is worth for one statistic: how much longer it became, and by what the variance of that is lower than unpaired. */
export interface Pairing {
  readonly statistic: string;
  readonly ratio: number;
  readonly factor: number;
}

/** Mean and p99 of the wait of readers and of the site's hold, as plain does it, with the seeds 1 to `n`. */
export function pairings({ scenario, set, site }: Slower, n: number): Pairing[] {
  const [before, after] = [replications(scenario, [], n), replications(scenario, [set], n)];
  const hold = siteBudget("R", site, "bench");
  const wait = { ...hold, metric: "mmap_sem.wait{mode=R}", name: "mmap_sem.wait", tags: { mode: "R" } };
  return [wait, hold].flatMap((mean) => [
    pairing(mean, before, after),
    pairing({ ...mean, assert: "p99", aggregate: { kind: "percentile", p: 99 } }, before, after),
  ]);
}

function replications(scenario: string, set: readonly string[], n: number): Replication[] {
  const loaded = loadScenario(scenario, set).scenario;
  return Array.from({ length: n }, (_, i) => replicateOnce(loaded, parseVariant("plain"), String(i + 1)));
}

function pairing(budget: Budget, before: readonly Replication[], after: readonly Replication[]): Pairing {
  const logs = (from: readonly Replication[]): number[] =>
    [...valuesOf(budget, from).values()].map((value) => Math.log(value?.low ?? Number.NaN));
  const [a, b] = [logs(before), logs(after)];
  const differences = moments(b.map((value, i) => value - (a[i] as number)));
  const apart = moments(a).error ** 2 + moments(b).error ** 2;
  return {
    statistic: `${budget.metric} ${budget.aggregate.kind === "mean" ? "mean" : "p99"}`,
    ratio: Math.exp(differences.mean),
    factor: differences.error === 0 ? Number.POSITIVE_INFINITY : apart / differences.error ** 2,
  };
}
