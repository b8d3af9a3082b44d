import { metricKey, type Tags } from "../measure/metrics.ts";
import type { Budget } from "./budget.ts";

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
