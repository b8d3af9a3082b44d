/** The value of a statistic of a study of several seeds: that of each seed, and then over the seeds. The screen, Markdown and the page say this one. */
import type { Bounds } from "../../sim/study/bounds.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { type ComparedStat, keptBounds } from "../../sim/study/outcome/seed-values.ts";
import { ofSamples, type Samples, samplesOf } from "../../sim/study/statistic.ts";
import { parseMetricKey } from "../../sim/measure/metrics/metrics.ts";
import { hasPercentile } from "../words/percentile.ts";
import { isRecorded } from "../words/recording.ts";
import { pointOf } from "./comparison/paired.ts";

/** The samples of all seeds of a metric, by its key. */
export function samplesOfKey({ metrics }: VariantOutcome, metric: string): Samples {
  const { name, tags } = parseMetricKey(metric);
  return samplesOf(metrics, name, tags);
}

/** How many samples there are in all seeds, those that had not ended among them. */
export function countOfKey(outcome: VariantOutcome, metric: string): number {
  const { ended, open } = samplesOfKey(outcome, metric);
  return ended.count + open.count;
}

/** Is the metric kept seed by seed? What is not has values of all seeds together alone. */
export function isBySeed({ by_seed }: VariantOutcome, metric: string): boolean {
  return by_seed.some(({ values }) => values[metric] !== undefined);
}

/**
 * A statistic over the seeds, ns: the geometric mean of its values in each (the mean where a seed has 0), as a comparison and a check take
 * it. Of a metric that is not kept by seed, and of a recording, that of all samples together. Null without a sample, and for a percentile of too few.
 */
export function overSeeds(outcome: VariantOutcome, metric: string, stat: ComparedStat): Bounds | null {
  const n = countOfKey(outcome, metric);
  if (n === 0) return null;
  if ((stat === "p50" || stat === "p99") && !hasPercentile(n, Number(stat.slice(1)))) return null;
  // The stretches of a recording are pieces of one run, and no repetitions of it.
  const repeated = isRecorded(outcome) ? [] : outcome.by_seed;
  const bounds = repeated.flatMap((seed) => {
    const one = keptBounds(seed, `${metric} ${stat}`, seed.values[metric]?.[stat] ?? null);
    return one === null ? [] : [one];
  });
  if (bounds.length === 0) return ofSamples(samplesOfKey(outcome, metric), aggregates[stat]);
  const highs = bounds.map(({ high }) => high);
  return {
    low: pointOf(
      stat,
      bounds.map(({ low }) => low),
    ),
    high: highs.every(Number.isFinite) ? pointOf(stat, highs) : Number.POSITIVE_INFINITY,
  };
}

const aggregates: { readonly [S in ComparedStat]: Parameters<typeof ofSamples>[1] } = {
  mean: { kind: "mean" },
  p50: { kind: "percentile", p: 50 },
  p99: { kind: "percentile", p: 99 },
  max: { kind: "max" },
};
