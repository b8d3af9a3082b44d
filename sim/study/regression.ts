import { metricKey, type Tags } from "../measure/metrics/metrics.ts";
import type { Budget } from "./budget.ts";
import type { Replication } from "./replication.ts";

/** The mean of a metric, no worse than the baseline. @param where `file:line:col`, "" for none. */
export function meanBudget(name: string, tags: Tags, where = ""): Budget {
  return {
    metric: metricKey(name, tags),
    name,
    tags,
    assert: "mean <= baseline",
    aggregate: { kind: "mean" },
    op: "<=",
    limit: { kind: "baseline", factor: 1 },
    level: "error",
    confidence: 0.95,
    minEffect: 0.02,
    waiver: null,
    where,
  };
}

/** The mean hold of a site, no worse than the baseline: what is tested when a check has a baseline and no relative budget of its own. */
export function siteBudget(mode: string, site: string, where: string): Budget {
  return meanBudget("mmap_sem.hold", { mode, site }, where);
}

/** The same of every site that took a lock in the replications, in the order of their names. */
export function siteBudgets(replications: readonly Replication[], where: string): Budget[] {
  const found = new Map<string, Budget>();
  for (const { metrics } of replications) {
    for (const key of metrics.histograms.keys()) {
      const [, mode, site] = /^mmap_sem\.hold\{mm=[^,]*,mode=(R|W),role=[^,]*,site=(.+)\}$/.exec(key) ?? [];
      if (mode !== undefined && site !== undefined) found.set(`${mode} ${site}`, siteBudget(mode, site, where));
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, budget]) => budget);
}
