import { parseMetricKey, type Tags } from "../../../sim/measure/metrics/metrics.ts";
import { aged, type Samples, samplesOf } from "../../../sim/study/statistic.ts";
import type { Budget } from "../../../sim/study/budget.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { binsPerOctave, type PageDistribution, type PageLimit, type PageLine } from "../../page/data.ts";

/** The distributions that a page lets one look at. */
const metrics = [
  "mmap_sem.wait",
  "mmap_sem.hold",
  "mmap_sem.hold_io",
  "mmap_sem.grant_delay",
  "op.latency",
  "vma_lock.wait",
  "vma_lock.hold",
  "sched.delay",
] as const;

/** By what they are split: a whole mode, then its roles and its sites; what has no modes, by role and operation. */
const splits: readonly (readonly string[])[] = [["mode"], ["mode", "role"], ["mode", "site"]];
const splitsWithoutMode: readonly (readonly string[])[] = [["role"], ["op", "role"], ["mm"]];

/** Every distribution that has values in one of the variants, each in all of them. */
export function pageDistributions(outcomes: readonly VariantOutcome[], budgets: readonly Budget[]): PageDistribution[] {
  return metrics.flatMap((metric) =>
    selections(outcomes, metric).flatMap((tags) => {
      const lines = outcomes.map((outcome) => lineOf(samplesOf(outcome.metrics, metric, tags)));
      if (lines.every(({ n, zeros }) => n === zeros)) return [];
      return [{ metric, of: nameOf(tags), lines, limits: limitsOf(budgets, metric, tags) }];
    }),
  );
}

/** The tags that are worth a picture of their own, the whole before its parts. */
function selections(outcomes: readonly VariantOutcome[], metric: string): Tags[] {
  const found = new Map<string, Tags>();
  const keys = outcomes.flatMap(({ metrics }) =>
    [...metrics.histograms.keys()].filter((key) => key === metric || key.startsWith(`${metric}{`)),
  );
  const all = keys.map((key) => parseMetricKey(key).tags);
  const hasModes = all.some(({ mode }) => mode !== undefined);
  for (const by of hasModes ? splits : splitsWithoutMode) {
    for (const tags of all) {
      if (by.some((tag) => tags[tag] === undefined)) continue;
      const some = Object.fromEntries(by.map((tag) => [tag, tags[tag] as string]));
      found.set(nameOf(some), some);
    }
  }
  return [...found.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey(tags: Tags): string {
  return `${tags.mode ?? ""} ${Object.keys(tags).length} ${nameOf(tags)}`;
}

/** `-R role kworker` */
function nameOf(tags: Tags): string {
  const { mode, ...others } = tags;
  const parts = Object.entries(others).map(([tag, value]) => `${tag} ${value === "" ? "-" : value}`);
  return [...(mode === undefined ? [] : [`-${mode}`]), ...parts].join(" ");
}

/** A distribution in the page's bins, what has not ended in that of its age. */
export function lineOf(samples: Samples): PageLine {
  const histogram = aged(samples);
  const counts = new Map<number, number>();
  let zeros = 0;
  histogram.forEachBucket((lo, _hi, count) => {
    if (lo === 0) {
      zeros = count;
      return;
    }
    const bin = Math.floor(Math.log2(lo) * binsPerOctave + 1e-9);
    counts.set(bin, (counts.get(bin) ?? 0) + count);
  });
  let before = 0;
  const bins = [...counts].flatMap(([bin, count]) => {
    const gap = bin - before;
    before = bin;
    return [gap, count];
  });
  const { count: open } = samples.open;
  return { n: histogram.count, ...(open === 0 ? {} : { open }), zeros, max: histogram.max, bins };
}

/** The budgets of exactly this distribution (an mm in them does not matter), as places in its picture. */
function limitsOf(budgets: readonly Budget[], metric: string, tags: Tags): PageLimit[] {
  return budgets.flatMap(({ name, tags: { mm: _mm, ...own }, aggregate, limit, op, assert, level }): PageLimit[] => {
    const isAbout = name === metric && JSON.stringify(sortedTags(own)) === JSON.stringify(sortedTags(tags));
    if (!isAbout || level === "off" || limit.kind !== "absolute" || (op !== "<=" && op !== "<")) return [];
    switch (aggregate.kind) {
      case "percentile":
        return [{ text: assert, ns: limit.value, above: 1 - aggregate.p / 100 }];
      case "share":
        return [{ text: assert, ns: aggregate.above_ns, above: limit.value }];
      case "max":
      case "mean":
        return [{ text: assert, ns: limit.value, above: null }];
      default:
        return [];
    }
  });
}

function sortedTags(tags: Tags): [string, string][] {
  return Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
}
