import type { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { sorted } from "../../sim/measure/metrics/metrics.ts";
import type { EndingKind, Scenario } from "../../sim/scenario.ts";
import { isStopped } from "../../sim/study/outcome/ending.ts";
import { hasPercentile } from "../words/percentile.ts";
import { type BoundsBySeed, pairedBounds } from "./comparison/open-ended.ts";
import type { Paired } from "./comparison/paired.ts";
import {
  type CountSummary,
  type DurationSummary,
  summarize,
  summarizeAll,
  type TotalSummary,
} from "../words/metric-summary.ts";
import type { Precision, VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { type ComparedStat, comparedStats, keptBounds } from "../../sim/study/outcome/seed-values.ts";
import { type Side, sideOf } from "./side.ts";
import type { RuleSummary } from "../../sim/study/plan/rules.ts";

/** One statistic of one metric in two variants that drew the same numbers, taken in each seed and then over the seeds. */
export interface Difference extends Paired {
  readonly variant: string;
  readonly metric: string;
  readonly stat: ComparedStat;
}

/** One variant of a comparison. */
export interface ComparedVariant {
  readonly variant: string;
  readonly ending: EndingKind;
  readonly findings: readonly string[];
  readonly preset: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly simulated_ns: number;
  readonly metrics: Readonly<Record<string, DurationSummary | TotalSummary | CountSummary>>;
}

/** What `compare --format json` prints. Every later variant is compared with the first. */
export interface CompareDocument {
  readonly schema: "gupsim/compare/v1";
  /** False when the study was interrupted: seeds are missing. */
  readonly complete: boolean;
  /** How many seeds were asked for; null where that is not known any more. */
  readonly seeds_asked: number | null;
  readonly scenario: string;
  readonly seeds: readonly string[];
  /** Left out at the beginning of each seed, ns. */
  readonly warm_up_ns: number;
  /** Why there are so many seeds; `null` where their number was given. */
  readonly precision: Precision | null;
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
  seedsAsked: number | null = outcomes[0]?.seeds.length ?? 0,
): CompareDocument {
  const [reference, ...candidates] = outcomes;
  return {
    schema: "gupsim/compare/v1",
    complete,
    seeds_asked: seedsAsked,
    scenario: scenario.name,
    seeds: reference?.seeds ?? [],
    warm_up_ns: reference?.warm_up_ns ?? 0,
    precision: reference?.precision ?? null,
    variants: outcomes.map(({ variant, preset, axes, ending, findings, simulated_ns, metrics }) => ({
      variant,
      ending,
      findings,
      preset,
      axes,
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
 * The differences of hold, wait and hold_io by {mode} and {mode,role}, and of op.latency by {role}, over the seeds that both have. A
 * metric that is empty in both has none. Nothing is compared by ratio where a run was stopped, or the two ended in different ways; nor
 * a p99 of fewer than a thousand samples, which `check` refuses too.
 */
export function differences(reference: Side, candidate: Side): Difference[] {
  const seeds = candidate.seeds.filter((seed) => reference.seeds.includes(seed));
  if (seeds.length === 0) return [];
  const unlike = unlikeEndings(reference, candidate);
  const found: Difference[] = [];
  for (const [metric, before] of sorted(reference.pooled)) {
    const after = candidate.pooled.get(metric);
    if (after === undefined || before.count + after.count === 0) continue;
    for (const stat of comparedStats) {
      const pair = pairedBounds(
        stat,
        seeds,
        valuesBySeed(reference, metric, stat),
        valuesBySeed(candidate, metric, stat),
      );
      const fewest = Math.min(...[before.count, after.count].filter((count) => count > 0));
      const isRare = stat === "p99" && !hasPercentile(fewest, 99);
      const why = unlike ?? (isRare ? `${fewest} samples are too few for a p99` : null);
      const effect = unlike !== null ? "not-compared" : "unknown";
      found.push({
        variant: candidate.variant,
        metric,
        stat,
        ...(why === null ? pair : { ...pair, ...unclaimed, effect, why }),
      });
    }
  }
  return found;
}

const unclaimed = { diff: null, ratio: null, interval: null, diff_interval: null, variance_reduction: null } as const;

/** Why the numbers of two variants are not compared: how they ended. Null where they may be. */
export function unlikeEndings(reference: Ended, candidate: Ended): string | null {
  if (reference.ending === candidate.ending && !isStopped(reference)) return null;
  if (reference.ending === candidate.ending) return `both ended by ${reference.ending}`;
  return `${reference.variant} ended by ${reference.ending}, ${candidate.variant} by ${candidate.ending}`;
}

type Ended = Pick<Side, "variant" | "ending">;

function valuesBySeed({ bySeed }: Side, metric: string, stat: ComparedStat): BoundsBySeed {
  return new Map(
    bySeed.map((one) => [one.seed, keptBounds(one, `${metric} ${stat}`, one.values[metric]?.[stat] ?? null)]),
  );
}

/**
 * True when the locks of both behaved alike: the same acquisitions, and of every hold and wait distribution the same count,
 * min, max and sum to the ns, and the same buckets. Of nothing nothing is claimed.
 */
export function locksAgree(a: VariantOutcome, b: VariantOutcome): boolean {
  if (a.seeds.length === 0) return false;
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
