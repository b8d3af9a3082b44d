import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { siteBudget } from "../../sim/study/regression.ts";
import { type Replication, replicateOnce } from "../../sim/study/replication.ts";
import { observedIn, valuesOf } from "../../sim/study/observed.ts";
import { judge } from "../../sim/study/verdict.ts";

const plain = parseVariant("plain");

/** proc-readers for a while, with so many reads of smaps that none of them is much. */
function small(duration: string, ...set: string[]): Scenario {
  return loadScenario("proc-readers", [`duration=${duration}`, "tasks.smaps.every=20ms", ...set]).scenario;
}

/**
 * 600 ms have some 750 reads of smaps' buffers; 200 ms have too few to find 5 %: the allocator, when it is behind, comes back after its timer
 * slack, between two buffers of a read, and stops the next one; and one that is open at the end may still become a part of a short mean.
 */
const power = {
  before: small("600ms"),
  after: small("600ms", "machine.cost={ show_smap_vma: 2625ns, smaps_pte: 43ns, walk_table: 1229ns }"),
};
/** Shorter, for it is run tens of thousands of times. */
const quiet = small("100ms");

const sites = [
  ["R", "async_pf_execute"],
  ["R", "get_user_page_nowait"],
  ["R", "hva_to_pfn"],
  ["R", "hva_to_pfn_slow"],
  ["R", "proc_pid_cmdline_read"],
  ["R", "show_pid_map"],
  ["R", "show_pid_smap"],
  ["W", "vm_mmap_pgoff"],
  ["W", "vm_munmap"],
] as const;

const budgets = sites.map(([mode, site]) => siteBudget(mode, site, "bench"));

/** The task whose draws are those of another run: a thread that nobody else depends on. */
const reseeded = "io-thread";

/** The sites that a regression check of ten seeds names when that of smaps is 5 % slower. */
export function namedWhenSlower(trial: number): string[] {
  const seeds = seedsOf(`slower-${trial}`);
  return named(
    seeds.map((seed) => replicateOnce(power.before, plain, seed)),
    seeds.map((seed) => replicateOnce(power.after, plain, seed)),
  );
}

/** What changes the path of a run and not its truth: other draws of one task, or of all. */
export const harmless = ["one task re-seeded", "other seeds"] as const;
export type Harmless = (typeof harmless)[number];

/** The sites that are named, wrongly, when nothing is slower. */
export function namedForNothing(trial: number): Record<Harmless, string[]> {
  const seeds = seedsOf(`quiet-${trial}`);
  const before = seeds.map((seed) => replicateOnce(quiet, plain, seed));
  const oneTask = seeds.map((seed) => replicateOnce(quiet, plain, seed, [], { reseeded: { [reseeded]: `${seed}-b` } }));
  const all = seeds.map((seed) => ({ ...replicateOnce(quiet, plain, `${seed}-b`), seed }));
  return { "one task re-seeded": named(before, oneTask), "other seeds": named(before, all) };
}

function seedsOf(name: string): string[] {
  return Array.from({ length: 10 }, (_, i) => `${name}-${i}`);
}

function named(before: readonly Replication[], after: readonly Replication[]): string[] {
  const verdicts = judge(budgets, observedIn(after), (budget) => valuesOf(budget, before), "2026-01-01");
  return verdicts.filter(({ status }) => status === "fail").map(({ budget }) => budget.tags.site as string);
}
