import type { Histogram } from "../sim/measure/histogram.ts";
import type { EndingKind, Scenario } from "../sim/scenario.ts";
import { type SeedConvoy, worstConvoys } from "./convoys.ts";
import { hdrBase64 } from "./hdr.ts";
import {
  type CountSummary,
  type DurationSummary,
  summarize,
  summarizeAll,
  type TotalSummary,
} from "./metric-summary.ts";
import type { VariantOutcome } from "./outcome.ts";
import { type SeedWait, worstWait } from "./longest-wait.ts";
import { isCompared, type SeedValues, type Side, seedValues } from "./side.ts";

/** A distribution in a result: its statistics, and all of it as HdrHistogram's V2 compressed base64 in ns. */
export interface DurationMetric extends DurationSummary {
  /** `null` when the distribution is empty. */
  readonly hdr: string | null;
}

/**
 * The result of one variant: everything needed to repeat it and to compare with it, and nothing about the wall clock, so
 * that the same inputs give the same bytes. The keys of the document are in the order below, those of `metrics` sorted.
 */
export interface ResultDocument {
  readonly schema: "gupsim/result/v1";
  /** What produced it. */
  readonly version: Readonly<Record<string, string>>;
  /** The resolved scenario. */
  readonly scenario: Scenario;
  readonly scenario_hash: string;
  readonly variant: string;
  readonly preset: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly seeds: readonly string[];
  readonly ending: EndingKind;
  readonly findings: readonly string[];
  /** Simulated time of all seeds together, ns. */
  readonly simulated_ns: number;
  /** False when the run was interrupted: some seeds are missing. */
  readonly complete: boolean;
  readonly warnings: readonly string[];
  readonly metrics: Readonly<Record<string, DurationMetric | TotalSummary | CountSummary>>;
  /** The worst convoys of all seeds, most waiting first. */
  readonly convoys: readonly SeedConvoy[];
  /** The longest wait of all seeds, of readers if any waited; `null` when nobody did. */
  readonly longest_wait: SeedWait | null;
  /** What is compared, seed by seed, in the order of the seeds. */
  readonly by_seed: readonly SeedValues[];
}

/** What a result holds beside its outcome. */
export interface ResultContext {
  readonly version: Readonly<Record<string, string>>;
  readonly scenario: Scenario;
  readonly scenario_hash: string;
  readonly complete: boolean;
  readonly warnings: readonly string[];
}

/** The result document of one outcome. Plain data, ready for `JSON.stringify`. */
export function resultDocument(context: ResultContext, outcome: VariantOutcome): ResultDocument {
  return {
    schema: "gupsim/result/v1",
    version: context.version,
    scenario: context.scenario,
    scenario_hash: context.scenario_hash,
    variant: outcome.variant,
    preset: outcome.preset,
    axes: outcome.axes,
    seeds: outcome.seeds,
    ending: outcome.ending,
    findings: outcome.findings,
    simulated_ns: outcome.simulated_ns,
    complete: context.complete,
    warnings: context.warnings,
    metrics: summarizeAll(outcome.metrics, durationMetric),
    convoys: worstConvoys(outcome),
    longest_wait: worstWait(outcome),
    by_seed: seedValues(outcome),
  };
}

function durationMetric(histogram: Histogram): DurationMetric {
  return { ...summarize(histogram), hdr: histogram.count === 0 ? null : hdrBase64(histogram) };
}

/** A saved result as one side of a comparison. */
export function sideOfResult({ variant, axes, ending, seeds, metrics, by_seed }: ResultDocument): Side {
  const pooled = Object.entries(metrics).flatMap(([key, metric]): [string, DurationMetric][] =>
    "hdr" in metric && isCompared(key) ? [[key, metric]] : [],
  );
  return { variant, axes, ending, seeds, pooled: new Map(pooled), bySeed: by_seed };
}

/** True when the locks of both results behaved alike, to the ns. */
export function resultsAgree(a: ResultDocument, b: ResultDocument): boolean {
  const locks = ({ metrics }: ResultDocument): string =>
    JSON.stringify(Object.entries(metrics).filter(([key]) => /^mmap_sem\.(hold|wait)\{/.test(key)));
  return locks(a) === locks(b);
}
