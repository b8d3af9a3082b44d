import { worstConvoys } from "../../reports/documents/convoys.ts";
import { worstWait } from "../../reports/documents/longest-wait.ts";
import type { Precision, VariantOutcome } from "../../reports/documents/outcome.ts";
import { seedValues } from "../../reports/documents/side.ts";
import type { Variant } from "../../sim/kernels/variant.ts";
import { mergeMetrics } from "../../sim/measure/metrics/metrics.ts";
import type { EndingKind, Scenario } from "../../sim/scenario.ts";
import type { Budget } from "../../sim/study/budget.ts";
import type { SpanListener } from "../../sim/spans/paired.ts";
import { type Replication, replicateOnce } from "../../sim/study/replication.ts";
import type { Sample } from "./precision.ts";

/** Endings, worst first. */
const worstFirst: readonly EndingKind[] = ["deadlock", "orphaned-lock", "event-limit", "work-done", "duration"];

/**
 * Runs one variant with each seed, in the order of the seeds, and merges what was measured.
 *
 * @param extra listeners beside the measuring ones.
 * @param progress called before each replication. @param from_ns measured from here on.
 * @param budgets whose statistics are kept by seed.
 */
export function replicate(
  scenario: Scenario,
  variant: Variant,
  seeds: readonly string[],
  extra: readonly SpanListener[],
  options: { checkInvariants: boolean },
  progress: (seed: string) => void,
  from_ns = 0,
  budgets: readonly Budget[] = [],
): VariantOutcome {
  const replications = seeds.map((seed) => {
    progress(seed);
    return replicateOnce(scenario, variant, seed, extra, options, from_ns);
  });
  return outcomeOf(variant, replications, budgets);
}

/** The ending of several replications: the worst of theirs. */
export function worstEnding(endings: readonly EndingKind[]): EndingKind {
  return worstFirst.find((ending) => endings.includes(ending)) ?? "duration";
}

/** What the replications of one variant, in the order of their seeds, come to together. @param budgets whose statistics are kept by seed. */
export function outcomeOf(
  variant: Variant,
  replications: readonly Replication[],
  budgets: readonly Budget[],
  precision: Precision | null = null,
): VariantOutcome {
  return {
    variant: variant.name,
    preset: variant.preset,
    axes: variant.axes,
    ending: worstEnding(replications.map(({ ending }) => ending)),
    findings: replications.flatMap(({ findings }) => findings),
    warm_up_ns: replications[0]?.warm_up_ns ?? 0,
    precision,
    simulated_ns: replications.reduce((sum, one) => sum + one.simulated_ns, 0),
    events: replications.reduce((sum, one) => sum + one.events, 0),
    metrics: mergeMetrics(replications.map(({ metrics }) => metrics)),
    seeds: replications.map(({ seed }) => seed),
    convoys: worstConvoys(replications),
    longest_wait: worstWait(replications),
    by_seed: seedValues(replications, budgets),
  };
}

/** The outcome of each of at least one variant. After an interruption only the seeds that all variants have are in them. */
export function outcomesOf(
  variants: readonly Variant[],
  { replications, precision }: Sample,
  budgets: readonly Budget[],
): [VariantOutcome, ...VariantOutcome[]] {
  const fewest = Math.min(...replications.map(({ length }) => length));
  const outcomes = variants.map((variant, i) =>
    outcomeOf(variant, replications[i]?.slice(0, fewest) ?? [], budgets, precision),
  );
  return outcomes as [VariantOutcome, ...VariantOutcome[]];
}

/** Did the run stop early: a deadlock, an orphaned lock, too many events? */
export function isStopped({ ending }: Pick<VariantOutcome, "ending">): boolean {
  return ending !== "duration" && ending !== "work-done";
}

/** Did it stop in a way that the scenario does not announce, for the variant or its preset? */
export function isUnexpected(
  scenario: Scenario,
  outcome: Pick<VariantOutcome, "variant" | "preset" | "ending">,
): boolean {
  const announced = scenario.expected[outcome.variant] ?? scenario.expected[outcome.preset];
  return isStopped(outcome) && announced !== outcome.ending;
}
