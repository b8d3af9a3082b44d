import type { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { sorted } from "../../sim/measure/metrics/metrics.ts";
import type { EndingKind, Scenario } from "../../sim/scenario.ts";
import { type Interval, meanInterval, moments } from "../../sim/study/statistics.ts";
import {
  type CountSummary,
  type DurationSummary,
  summarize,
  summarizeAll,
  type TotalSummary,
} from "../words/metric-summary.ts";
import type { Precision, VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { type ComparedStat, comparedStats } from "../../sim/study/outcome/seed-values.ts";
import { type Side, sideOf } from "./side.ts";
import type { RuleSummary } from "../../sim/study/plan/rules.ts";

/**
 * One statistic of one metric in two variants that drew the same numbers. All in ns but `ratio`, which is candidate /
 * reference, and `n`, the number of seeds. A value is `null` when there was nothing to take it of; then `diff` and `ratio`
 * are too. `ratio` is also `null` when the reference is 0.
 */
export interface Difference {
  readonly variant: string;
  readonly metric: string;
  readonly stat: ComparedStat;
  readonly reference: number | null;
  readonly candidate: number | null;
  readonly diff: number | null;
  readonly ratio: number | null;
  readonly n: number;
  /** Of the ratio, 95 %, paired by seed; null with one seed, and where a seed has none or 0. */
  readonly interval: Interval | null;
  /** By how much pairing lowers the variance of the difference of logarithms; null where that is not known. */
  readonly variance_reduction: number | null;
}

/** One variant of a comparison. */
export interface ComparedVariant {
  readonly variant: string;
  readonly preset: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly ending: EndingKind;
  readonly findings: readonly string[];
  readonly simulated_ns: number;
  readonly metrics: Readonly<Record<string, DurationSummary | TotalSummary | CountSummary>>;
}

/** What `compare --format json` prints. Every later variant is compared with the first. */
export interface CompareDocument {
  readonly schema: "gupsim/compare/v1";
  readonly scenario: string;
  readonly seeds: readonly string[];
  /** Left out at the beginning of each seed, ns. */
  readonly warm_up_ns: number;
  /** Why there are so many seeds; `null` where their number was given. */
  readonly precision: Precision | null;
  /** False when the study was interrupted: seeds are missing. */
  readonly complete: boolean;
  readonly variants: readonly ComparedVariant[];
  readonly differences: readonly Difference[];
  /** For variants that differ in several axes: what each does alone, with the first seed. */
  readonly rules: readonly RuleSummary[];
}

/** The document of a comparison. Outcomes are of the same seeds, the reference first; there is at least one. */
export function compareDocument(
  scenario: Scenario,
  outcomes: readonly VariantOutcome[],
  rules: readonly RuleSummary[] = [],
  complete = true,
): CompareDocument {
  const [reference, ...candidates] = outcomes;
  return {
    schema: "gupsim/compare/v1",
    scenario: scenario.name,
    seeds: reference?.seeds ?? [],
    warm_up_ns: reference?.warm_up_ns ?? 0,
    precision: reference?.precision ?? null,
    complete,
    variants: outcomes.map(({ variant, preset, axes, ending, findings, simulated_ns, metrics }) => ({
      variant,
      preset,
      axes,
      ending,
      findings,
      simulated_ns,
      metrics: summarizeAll(metrics, summarize),
    })),
    differences:
      reference === undefined
        ? []
        : candidates.flatMap((candidate) => differences(sideOf(reference), sideOf(candidate))),
    rules,
  };
}

/**
 * The differences of hold, wait and hold_io by {mode} and {mode,role}, and of op.latency by {role}, for the metrics that
 * both have. A metric that is empty in both has none.
 */
export function differences(reference: Side, candidate: Side): Difference[] {
  const found: Difference[] = [];
  for (const [metric, before] of sorted(reference.pooled)) {
    const after = candidate.pooled.get(metric);
    if (after === undefined || before.count + after.count === 0) continue;
    for (const stat of comparedStats) {
      const pair = { reference: before[stat], candidate: after[stat] };
      found.push({
        variant: candidate.variant,
        metric,
        stat,
        ...pair,
        ...change(pair.reference, pair.candidate),
        n: candidate.seeds.length,
        ...paired(reference, candidate, metric, stat),
      });
    }
  }
  return found;
}

/**
 * True when the locks of both behaved alike: the same acquisitions, and of every hold and wait distribution the same count,
 * min, max and sum to the ns, and the same buckets.
 */
export function locksAgree(a: VariantOutcome, b: VariantOutcome): boolean {
  const [ofA, ofB] = [lockHistograms(a), lockHistograms(b)];
  if (ofA.size !== ofB.size) return false;
  return [...ofA].every(([key, histogram]) => {
    const other = ofB.get(key);
    return other !== undefined && histogram.equals(other);
  });
}

function lockHistograms(outcome: VariantOutcome): Map<string, Histogram> {
  const isLock = (key: string) => key.startsWith("mmap_sem.hold{") || key.startsWith("mmap_sem.wait{");
  return new Map([...outcome.metrics.histograms].filter(([key]) => isLock(key)));
}

function change(reference: number | null, candidate: number | null): { diff: number | null; ratio: number | null } {
  if (reference === null || candidate === null) return { diff: null, ratio: null };
  return { diff: candidate - reference, ratio: reference === 0 ? null : candidate / reference };
}

/** The interval of candidate / reference over the seeds that both have. */
function paired(
  reference: Side,
  candidate: Side,
  metric: string,
  stat: ComparedStat,
): { interval: Interval | null; variance_reduction: number | null } {
  const none = { interval: null, variance_reduction: null };
  const logs = candidate.bySeed.flatMap(({ seed, values }): [number, number][] => {
    const [a, b] = [reference.bySeed.find((one) => one.seed === seed)?.values[metric]?.[stat], values[metric]?.[stat]];
    return a === null || a === undefined || b === null || b === undefined || a <= 0 || b <= 0
      ? []
      : [[Math.log(a), Math.log(b)]];
  });
  if (logs.length < 2 || logs.length < candidate.seeds.length) return none;
  const differences = logs.map(([a, b]) => b - a);
  const { point, low, high, n, method } = meanInterval(differences, 0.95);
  const interval: Interval = {
    point: Math.exp(point),
    low: Math.exp(low),
    high: Math.exp(high),
    n,
    method: method === "identical" ? method : "log t",
  };
  const apart = moments(logs.map(([a]) => a)).error ** 2 + moments(logs.map(([, b]) => b)).error ** 2;
  const together = moments(differences).error ** 2;
  return { interval, variance_reduction: together === 0 ? null : apart / together };
}
