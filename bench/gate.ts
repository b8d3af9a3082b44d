import { loadScenario } from "../scenarios/load.ts";
import { parseVariant } from "../sim/linux/variant.ts";
import { siteBudget } from "../sim/study/regression.ts";
import { type Replication, replicateOnce } from "../sim/study/replication.ts";
import { judge, valuesOf } from "../sim/study/verdict.ts";

const plain = parseVariant("plain");
const scenario = loadScenario("proc-readers", ["duration=100ms"]).scenario;
const slower = loadScenario("proc-readers", [
  "duration=100ms",
  "machine.cost={ show_smap_vma: 2625ns, smaps_pte: 43ns }",
]).scenario;

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

/** What a check is held against: a site that is 5 % slower, other draws of one task, other seeds. */
export type Change = "slower" | "one task re-seeded" | "other seeds";

/** The sites that a regression check of ten seeds names in one trial of a change. */
export function regressionOf(change: Change, trial: number): string[] {
  const seeds = Array.from({ length: 10 }, (_, i) => `${change}-${trial}-${i}`);
  const before = seeds.map((seed) => replicateOnce(scenario, plain, seed));
  const after = seeds.map((seed) => changed(change, seed));
  const verdicts = judge(budgets, after, (budget) => valuesOf(budget, before), "2026-01-01");
  return verdicts.filter(({ status }) => status === "fail").map(({ budget }) => budget.tags.site as string);
}

function changed(change: Change, seed: string): Replication {
  const other = `${seed}-b`;
  switch (change) {
    case "slower":
      return replicateOnce(slower, plain, seed);
    case "one task re-seeded":
      return replicateOnce(scenario, plain, seed, [], { reseeded: { [reseeded]: other } });
    case "other seeds":
      return { ...replicateOnce(scenario, plain, other), seed };
  }
}
