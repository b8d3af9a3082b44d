import { loadScenario } from "../scenarios/load.ts";
import { parseVariant } from "../sim/linux/variant.ts";
import type { Scenario } from "../sim/scenario.ts";
import { siteBudget } from "../sim/study/regression.ts";
import { type Replication, replicateOnce } from "../sim/study/replication.ts";
import { judge, valuesOf } from "../sim/study/verdict.ts";

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

/** The sites that a regression check names in one trial: against a slower site at the same seeds, or the same at other seeds. */
export function regressionOf(what: "slower" | "other-seeds", trial: number): string[] {
  const seeds = Array.from({ length: 10 }, (_, i) => `${what}-${trial}-${i}`);
  const before = replicate(scenario, seeds);
  const after =
    what === "slower"
      ? replicate(slower, seeds)
      : replicate(
          scenario,
          seeds.map((seed) => `${seed}-b`),
        ).map((one, i) => ({ ...one, seed: seeds[i] as string }));
  const verdicts = judge(budgets, after, (budget) => valuesOf(budget, before), "2026-01-01");
  return verdicts.filter(({ status }) => status === "fail").map(({ budget }) => budget.tags.site as string);
}

function replicate(of: Scenario, seeds: readonly string[]): Replication[] {
  return seeds.map((seed) => replicateOnce(of, parseVariant("plain"), seed));
}
