import type { Budget } from "./budget.ts";

/** The mean hold of a site, no worse than the baseline: what is tested when a check has a baseline and no relative budget of its own. */
export function siteBudget(mode: string, site: string, where: string): Budget {
  return {
    metric: `mmap_sem.hold{mode=${mode},site=${site}}`,
    name: "mmap_sem.hold",
    tags: { mode, site },
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
