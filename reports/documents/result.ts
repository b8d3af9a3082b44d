import { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { emptyMetrics, type Metrics, Total } from "../../sim/measure/metrics/metrics.ts";
import type { EndingKind, Scenario } from "../../sim/scenario.ts";
import type { Budget } from "../../sim/study/budget.ts";
import { fromHdrBase64, hdrBase64 } from "../files/hdr.ts";
import {
  type CountSummary,
  type DurationSummary,
  summarize,
  summarizeAll,
  type TotalSummary,
} from "../words/metric-summary.ts";
import type { SeedConvoy } from "../../sim/study/outcome/convoys.ts";
import type { SeedWait } from "../../sim/study/outcome/longest-wait.ts";
import type { Precision, VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { isCompared, type SeedValues } from "../../sim/study/outcome/seed-values.ts";
import type { Samples } from "../../sim/study/statistic.ts";
import { repetitions, type Side } from "./side.ts";

/** A distribution in a result: its statistics, and all of it as HdrHistogram's V2 compressed base64 in ns. */
export interface DurationMetric extends DurationSummary {
  /** Of the samples that ended; `null` when there are none. */
  readonly hdr: string | null;
  /** The same of the ages of those that had not ended; with what the summary says without them, for `hdr` does not have it exactly. */
  readonly open_hdr?: string;
  readonly ended?: { readonly min: number; readonly max: number; readonly sum: number };
}

/**
 * The result of one variant: everything needed to repeat it and to compare with it, and nothing about the wall clock, so
 * that the same inputs give the same bytes. The keys of the document are in the order below, those of `metrics` sorted.
 */
export interface ResultDocument {
  readonly schema: "gupsim/result/v1";
  /** False when the run was interrupted: some seeds are missing. */
  readonly complete: boolean;
  readonly ending: EndingKind;
  readonly findings: readonly string[];
  /** What produced it. */
  readonly version: Readonly<Record<string, string>>;
  /** The resolved scenario. */
  readonly scenario: Scenario;
  readonly scenario_hash: string;
  readonly variant: string;
  readonly preset: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly seeds: readonly string[];
  /** Left out at the beginning of each seed, ns. */
  readonly warm_up_ns: number;
  /** Why that is nothing though a warm-up was found. */
  readonly warm_up_refused?: string;
  /** Why there are so many seeds; `null` where their number was given. */
  readonly precision: Precision | null;
  /** Simulated time of all seeds together without their warm-up, ns. */
  readonly simulated_ns: number;
  /** Events of the engine, all seeds together. */
  readonly events: number;
  readonly warnings: readonly string[];
  /** The command that gives this result again. */
  readonly reproduce: string;
  /** What the scenario says that may be exceeded by nothing; judged by `check` alone. */
  readonly budgets: readonly Budget[];
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
  readonly reproduce: string;
  readonly budgets: readonly Budget[];
}

/** The result document of one outcome. Plain data, ready for `JSON.stringify`. */
export function resultDocument(context: ResultContext, outcome: VariantOutcome): ResultDocument {
  return {
    schema: "gupsim/result/v1",
    complete: context.complete,
    ending: outcome.ending,
    findings: outcome.findings,
    version: context.version,
    scenario: context.scenario,
    scenario_hash: context.scenario_hash,
    variant: outcome.variant,
    preset: outcome.preset,
    axes: outcome.axes,
    seeds: outcome.seeds,
    warm_up_ns: outcome.warm_up_ns,
    ...(outcome.warm_up_refused === undefined ? {} : { warm_up_refused: outcome.warm_up_refused }),
    precision: outcome.precision,
    simulated_ns: outcome.simulated_ns,
    events: outcome.events,
    warnings: context.warnings,
    reproduce: context.reproduce,
    budgets: context.budgets,
    metrics: summarizeAll(outcome.metrics, durationMetric),
    convoys: outcome.convoys,
    longest_wait: outcome.longest_wait,
    by_seed: outcome.by_seed,
  };
}

function durationMetric(samples: Samples): DurationMetric {
  const { ended, open } = samples;
  const { min, max, sum } = ended;
  return {
    ...summarize(samples),
    hdr: ended.count === 0 ? null : hdrBase64(ended),
    ...(open.count === 0 ? {} : { open_hdr: hdrBase64(open), ended: { min, max, sum } }),
  };
}

/** The outcome that a result was made of, to be reported on again. */
export function outcomeOfResult(document: ResultDocument): VariantOutcome {
  const { variant, preset, axes, ending, findings, seeds, convoys, longest_wait, by_seed } = document;
  const { warm_up_ns, warm_up_refused, precision, simulated_ns, events } = document;
  const metrics = emptyMetrics();
  for (const [key, metric] of Object.entries(document.metrics)) {
    if (metric.unit === "1") metrics.counts.set(key, metric.count);
    else if ("hdr" in metric) addDistribution(metrics, key, metric);
    else metrics.totals.set(key, Object.assign(new Total(), { count: metric.count, sum: metric.sum, max: metric.max }));
  }
  return {
    variant,
    preset,
    axes,
    ending,
    findings,
    warm_up_ns,
    ...(warm_up_refused === undefined ? {} : { warm_up_refused }),
    precision,
    simulated_ns,
    events,
    metrics,
    seeds,
    convoys,
    longest_wait,
    by_seed,
  };
}

function addDistribution(metrics: Metrics, key: string, metric: DurationMetric): void {
  const { hdr, min, max, sum, ended, open, open_hdr } = metric;
  const exact = ended ?? { min: min ?? 0, max: max ?? 0, sum };
  metrics.histograms.set(key, hdr === null ? new Histogram() : fromHdrBase64(hdr, exact));
  if (open !== undefined && open_hdr !== undefined) metrics.open.set(key, fromHdrBase64(open_hdr, open));
}

/** A saved result as one side of a comparison. */
export function sideOfResult(result: ResultDocument): Side {
  const { variant, axes, ending, seeds, metrics } = result;
  const pooled = Object.entries(metrics).flatMap(([key, metric]): [string, DurationMetric][] =>
    "hdr" in metric && isCompared(key) ? [[key, metric]] : [],
  );
  return { variant, axes, ending, pooled: new Map(pooled), ...repetitions(result, seeds, new Map(pooled)) };
}

/** True when the locks of both results behaved alike, to the ns. */
export function resultsAgree(a: ResultDocument, b: ResultDocument): boolean {
  const locks = ({ metrics }: ResultDocument): string =>
    JSON.stringify(Object.entries(metrics).filter(([key]) => /^mmap_sem\.(hold|wait)\{/.test(key)));
  return locks(a) === locks(b);
}
