import type { Histogram } from "../sim/measure/histogram.ts";
import type { EndingKind, Scenario } from "../sim/scenario.ts";
import { hdrBase64 } from "./hdr.ts";
import { type CountSummary, type DurationSummary, summarize, summarizeAll } from "./metric-summary.ts";
import type { VariantOutcome } from "./outcome.ts";

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
  readonly metrics: Readonly<Record<string, DurationMetric | CountSummary>>;
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
  };
}

function durationMetric(histogram: Histogram): DurationMetric {
  return { ...summarize(histogram), hdr: histogram.count === 0 ? null : hdrBase64(histogram) };
}
