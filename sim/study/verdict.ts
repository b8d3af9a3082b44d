import { samplesWhere } from "../measure/metrics/metrics.ts";
import type { Budget } from "./budget.ts";
import type { Replication } from "./replication.ts";
import { valueIn } from "./statistic.ts";
import { exceedance, holm, type Interval, logInterval, meanInterval, moments, wilcoxon } from "./statistics.ts";

/** How a budget fared. Values in the unit of its statistic: ns, counts, a second, shares; of a relative one, ratios to the baseline. */
export interface Verdict {
  readonly budget: Budget;
  readonly status: "pass" | "fail" | "inconclusive" | "waived" | "off";
  /** Over the replications; of a relative budget, of the ratio. Null where there is nothing to take it of. */
  readonly interval: Interval | null;
  readonly limit: number;
  /** How far the observed value is beyond the limit; null when it is not. */
  readonly exceeded: number | null;
  /** Why it is inconclusive. */
  readonly reason: string | null;
  /** Probability of so much excess if the limit held, after Holm's correction over all budgets of the check. */
  readonly p: number | null;
  /** Of a relative budget: Wilcoxon's probability beside it. */
  readonly wilcoxon: number | null;
}

/** Values of one budget, one a seed. */
export type Values = ReadonlyMap<string, number | null>;

/** Fewest replications that a verdict on an interval rests on. */
const fewest = 10;

/** The values of a budget in each replication. */
export function valuesOf(budget: Budget, replications: readonly Replication[]): Values {
  return new Map(replications.map((one) => [one.seed, valueIn(one.metrics, one.simulated_ns, budget)]));
}

/** What is held against budgets. */
export interface Observed {
  values(budget: Budget): Values;
  /** Samples that a percentile rests on, over all replications. */
  samples(budget: Budget): number;
}

/** What the replications of one variant show. */
export function observedIn(replications: readonly Replication[]): Observed {
  return {
    values: (budget) => valuesOf(budget, replications),
    samples: ({ name, tags }) =>
      replications.reduce((sum, { metrics }) => sum + samplesWhere(metrics, name, tags).count, 0),
  };
}

/** What is known of a budget before the correction for the others. */
interface Evidence {
  readonly budget: Budget;
  /** What is held against the limit, one a replication: values, or log ratios. Null when there is nothing. */
  readonly values: readonly number[] | null;
  readonly interval: Interval | null;
  readonly limit: number;
  readonly reason: string | null;
  /** Evidence against the limit, and against the opposite. */
  readonly pOver: number;
  readonly pUnder: number;
  readonly wilcoxon: number | null;
}

/**
 * Judges the budgets of a check. Each says how sure it wants to be; that it fails is corrected by Holm for their number, so that a
 * check of many cries wolf no more often than a check of one.
 *
 * @param baseline values by budget, null when there is no baseline. @param today `2026-11-24`, for waivers.
 */
export function judge(
  budgets: readonly Budget[],
  observed: Observed,
  baseline: ((budget: Budget) => Values | null) | null,
  today: string,
): Verdict[] {
  const found = budgets.map((budget) => evidence(budget, observed, baseline));
  const tested = found.filter(({ budget, reason }) => budget.level !== "off" && reason === null);
  const adjusted = holm(tested.map(({ pOver }) => pOver));
  return found.map((one) => {
    const at = tested.indexOf(one);
    return verdictOf(one, at < 0 ? null : (adjusted[at] as number), today);
  });
}

/** The verdicts without one: the run is warming up for most of its time. @param warm_up_ns left out of `duration_ns`. */
export function heedWarmUp(verdicts: readonly Verdict[], warm_up_ns: number, duration_ns: number): Verdict[] {
  const reason = "the warm-up is more than half of the run: run longer, or give --warmup";
  if (warm_up_ns <= duration_ns / 2) return [...verdicts];
  return verdicts.map((one) => (one.status === "off" ? one : { ...one, status: "inconclusive", reason }));
}

function evidence(budget: Budget, observed: Observed, baseline: ((budget: Budget) => Values | null) | null): Evidence {
  const own = observed.values(budget);
  return budget.limit.kind === "absolute"
    ? absolute(budget, budget.limit.value, [...own.values()], observed.samples(budget))
    : relative(budget, budget.limit.factor, own, baseline?.(budget) ?? null);
}

function absolute(budget: Budget, limit: number, all: readonly (number | null)[], samples: number): Evidence {
  const values = all.filter((value): value is number => value !== null);
  const none = { budget, values: null, interval: null, limit, pOver: 1, pUnder: 1, wilcoxon: null };
  if (values.length === 0) return { ...none, reason: "the metric has no samples" };
  const { aggregate } = budget;
  if (aggregate.kind === "percentile" && samples * (1 - aggregate.p / 100) < 10) {
    const needed = Math.ceil(10 / (1 - aggregate.p / 100));
    return {
      ...none,
      reason: `p${aggregate.p} needs ${needed} samples, there are ${samples}: run longer or with more seeds`,
    };
  }
  const onLogs = limit > 0 && isSkewed(budget, values);
  const interval = onLogs ? logInterval(values, budget.confidence) : meanInterval(values, budget.confidence);
  const scaled = onLogs ? values.map(Math.log) : values;
  const sides = pSides(scaled, onLogs ? Math.log(limit) : limit, budget.op);
  const exact = interval.method === "identical" || (aggregate.kind === "count" && limit === 0);
  const short = !exact && values.length < fewest;
  const reason = short ? `${values.length} replications, a verdict needs ${fewest}` : null;
  return { budget, values: scaled, interval, limit, reason, ...sides, wilcoxon: null };
}

/** Percentiles and extremes are taken on the log scale, where they can be. */
function isSkewed({ aggregate }: Budget, values: readonly number[]): boolean {
  const skewed = aggregate.kind === "percentile" || aggregate.kind === "max" || aggregate.kind === "min";
  return skewed && values.every((value) => value > 0);
}

/** The interval of a statistic over its values, one a replication, at least one. */
export function intervalOf(budget: Budget, values: readonly number[]): Interval {
  return isSkewed(budget, values) ? logInterval(values, budget.confidence) : meanInterval(values, budget.confidence);
}

function relative(budget: Budget, factor: number, own: Values, baseline: Values | null): Evidence {
  const none = { budget, values: null, interval: null, limit: factor, pOver: 1, pUnder: 1, wilcoxon: null };
  if (baseline === null) return { ...none, reason: "there is no baseline for it" };
  const pairs = [...own].flatMap(([seed, value]) => {
    const before = baseline.get(seed);
    return value === null || before === null || before === undefined ? [] : [{ before, value }];
  });
  if (pairs.length === 0) return { ...none, reason: "no seed has a value here and in the baseline" };
  if (pairs.every(({ before, value }) => before === value)) {
    const interval: Interval = { point: 1, low: 1, high: 1, n: pairs.length, method: "identical" };
    return { ...none, interval, values: [0], reason: null, ...pSides([0], Math.log(factor), budget.op) };
  }
  if (pairs.some(({ before, value }) => before <= 0 || value <= 0)) {
    return { ...none, reason: "a value is 0, and has no ratio" };
  }
  const logs = pairs.map(({ before, value }) => Math.log(value / before));
  const on = meanInterval(logs, budget.confidence);
  const interval: Interval = {
    point: Math.exp(on.point),
    low: Math.exp(on.low),
    high: Math.exp(on.high),
    n: on.n,
    method: on.method === "identical" ? "identical" : "log t",
  };
  const sides = pSides(logs, Math.log(factor), budget.op);
  const short = on.method !== "identical" && pairs.length < fewest;
  const reason = short ? `${pairs.length} pairs of replications, a verdict needs ${fewest}` : null;
  const rank = logs.length <= 60 ? wilcoxon(logs.map((d) => d - Math.log(factor))) : null;
  return { budget, values: logs, interval, limit: factor, reason, ...sides, wilcoxon: rank };
}

/** Evidence that the mean lies beyond the limit, and that it lies on the right side of it. */
function pSides(values: readonly number[], limit: number, op: Budget["op"]): { pOver: number; pUnder: number } {
  const { mean, error } = moments(values);
  if (error === 0) {
    const isOver = !holds(mean, op, limit);
    return { pOver: isOver ? 0 : 1, pUnder: isOver ? 1 : 0 };
  }
  const above = exceedance(values, limit);
  if (op === "==") return { pOver: 0, pUnder: 1 };
  return op === "<=" || op === "<" ? { pOver: above, pUnder: 1 - above } : { pOver: 1 - above, pUnder: above };
}

function holds(value: number, op: Budget["op"], limit: number): boolean {
  switch (op) {
    case "<=":
      return value <= limit;
    case "<":
      return value < limit;
    case ">=":
      return value >= limit;
    case ">":
      return value > limit;
    case "==":
      return value === limit;
  }
}

function verdictOf(one: Evidence, p: number | null, today: string): Verdict {
  const { budget, interval, limit, reason, wilcoxon: rank } = one;
  const point = interval?.point ?? null;
  const exceeded = point === null || holds(point, budget.op, limit) ? null : Math.abs(point - limit);
  const base = { budget, interval, limit, exceeded, p, wilcoxon: rank };
  if (budget.level === "off") return { ...base, status: "off", reason: null };
  const isFailed = p !== null && p <= (1 - budget.confidence) / 2 && isBigEnough(one);
  if (isFailed && budget.waiver !== null && today <= budget.waiver.until) {
    return { ...base, status: "waived", reason: `waived until ${budget.waiver.until}: ${budget.waiver.reason}` };
  }
  if (isFailed) return { ...base, status: "fail", reason: null };
  if (reason !== null) return { ...base, status: "inconclusive", reason };
  if (one.pUnder <= (1 - budget.confidence) / 2 || isWithinEffect(one))
    return { ...base, status: "pass", reason: null };
  return { ...base, status: "inconclusive", reason: `the limit lies inside the interval${moreNeeded(one)}` };
}

/** A regression against the baseline itself must also be worth the name. */
function isBigEnough({ budget, interval }: Evidence): boolean {
  if (budget.limit.kind === "absolute" || budget.limit.factor !== 1 || interval === null) return true;
  return Math.abs(interval.point - 1) >= budget.minEffect;
}

/** No change worth the name: the whole interval lies within the smallest effect. */
function isWithinEffect({ budget, interval }: Evidence): boolean {
  if (budget.limit.kind === "absolute" || budget.limit.factor !== 1 || interval === null) return false;
  const { low, high } = interval;
  const isUp = budget.op === "<=" || budget.op === "<";
  return isUp ? high <= 1 + budget.minEffect : low >= 1 - budget.minEffect;
}

/** The half width falls with the root of the number of replications. */
function moreNeeded({ values, budget, limit, interval }: Evidence): string {
  if (values === null || interval === null || values.length < 2) return "";
  const onLogs = interval.method === "log t";
  const { mean } = moments(values);
  const distance = Math.abs(mean - (onLogs ? Math.log(limit) : limit));
  if (distance === 0) return "";
  const { low, high } = meanInterval(values, budget.confidence);
  const needed = Math.ceil(values.length * ((high - low) / 2 / distance) ** 2) + 1;
  return needed > 100_000
    ? "; no number of replications is likely to decide it"
    : `; about ${needed} replications would decide it`;
}
