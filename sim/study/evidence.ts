/** What replications say for and against a budget, before the correction for the other budgets of a check. */
import { type Bounds, isCertain } from "./bounds.ts";
import type { Budget } from "./budget.ts";
import type { Observed, Values } from "./observed.ts";
import { exceedance, type Interval, logInterval, meanInterval, moments, wilcoxon } from "./statistics.ts";

/** Fewest replications that a verdict on an interval rests on. */
const fewest = 10;

/** What is known of a budget by itself. */
export interface Evidence {
  readonly budget: Budget;
  /** What is held against the limit, one a replication: values, or log ratios. Null when there is nothing. */
  readonly values: readonly number[] | null;
  readonly interval: Interval | null;
  /** The interval over the values that are farthest from meeting the limit of all that they may become; null where nothing limits one. */
  readonly worst: Interval | null;
  readonly limit: number;
  readonly reason: string | null;
  /** `3 waits had not ended`; null where every value is certain. */
  readonly open: string | null;
  /** Evidence against the limit, whatever becomes of what is open; and against the opposite, likewise. */
  readonly pOver: number;
  readonly pUnder: number;
  /** Evidence against the opposite as things stand. */
  readonly pUnderNow: number;
  readonly wilcoxon: number | null;
}

/** The evidence on one budget. @param baseline values by budget, null when there is no baseline. */
export function evidence(
  budget: Budget,
  observed: Observed,
  baseline: ((budget: Budget) => Values | null) | null,
): Evidence {
  const own = observed.values(budget);
  const { limit } = budget;
  const found =
    limit.kind === "absolute"
      ? absolute(budget, limit.value, [...own.values()], observed.samples(budget))
      : relative(budget, limit.factor, own, baseline?.(budget) ?? null);
  return { ...found, open: found.isCertain ? null : openText(budget, observed.open(budget)) };
}

type Found = Omit<Evidence, "open"> & { readonly isCertain: boolean };

function nothing(budget: Budget, limit: number, reason: string): Found {
  const sides = { pOver: 1, pUnder: 1, pUnderNow: 1, wilcoxon: null };
  return { budget, values: null, interval: null, worst: null, limit, reason, ...sides, isCertain: true };
}

function absolute(budget: Budget, limit: number, all: readonly (Bounds | null)[], samples: number): Found {
  const values = all.filter((value): value is Bounds => value !== null);
  if (values.length === 0) return nothing(budget, limit, "the metric has no samples");
  const { aggregate } = budget;
  const now = values.map(({ low }) => low);
  const worst = isUpper(budget) ? values.map(({ high }) => high) : now;
  const onLogs = limit > 0 && isSkewed(budget, now);
  const scale = onLogs ? Math.log : (value: number): number => value;
  const interval = onLogs ? logInterval(now, budget.confidence) : meanInterval(now, budget.confidence);
  const few = aggregate.kind === "percentile" && samples * (1 - aggregate.p / 100) < 10;
  if (aggregate.kind === "percentile" && few) {
    const needed = Math.ceil(10 / (1 - aggregate.p / 100));
    return nothing(
      budget,
      limit,
      `p${aggregate.p} needs ${needed} samples, there are ${samples}: run longer or with more seeds`,
    );
  }
  const exact = interval.method === "identical" || (aggregate.kind === "count" && limit === 0);
  const short = !exact && values.length < fewest;
  return {
    budget,
    values: now.map(scale),
    interval,
    worst: worst.every(Number.isFinite) ? intervalOf(budget, worst) : null,
    limit,
    reason: short ? `${values.length} replications, a verdict needs ${fewest}` : null,
    ...sides(
      values.map(({ low, high }) => ({ low: scale(low), high: scale(high) })),
      scale(limit),
      budget,
    ),
    wilcoxon: null,
    isCertain: values.every(isCertain),
  };
}

function relative(budget: Budget, factor: number, own: Values, baseline: Values | null): Found {
  if (baseline === null) return nothing(budget, factor, "there is no baseline for it");
  const pairs = [...own].flatMap(([seed, value]) => {
    const before = baseline.get(seed);
    return value === null || before === null || before === undefined ? [] : [{ before, value }];
  });
  if (pairs.length === 0) return nothing(budget, factor, "no seed has a value here and in the baseline");
  if (pairs.every(({ before, value }) => before.low === value.low && before.high === value.high)) {
    // The same run: whatever becomes of what is open becomes of it in both.
    const interval: Interval = { point: 1, low: 1, high: 1, n: pairs.length, method: "identical" };
    const same = sides([{ low: 0, high: 0 }], Math.log(factor), budget);
    return { ...nothing(budget, factor, ""), interval, worst: interval, values: [0], reason: null, ...same };
  }
  if (pairs.some(({ before, value }) => before.low <= 0 || value.low <= 0)) {
    return nothing(budget, factor, "a value is 0, and has no ratio");
  }
  const logs = pairs.map(({ before, value }) => Math.log(value.low / before.low));
  // A baseline is what it measured: what would have become of what was open in it, nobody is held to.
  const ratios = pairs.map(({ before, value }) => ({
    low: Math.log(value.low / before.low),
    high: Math.log(value.high / before.low),
  }));
  const worst = ratios.map(({ low, high }) => (isUpper(budget) ? high : low));
  const interval = ofLogs(logs, budget.confidence);
  const short = interval.method !== "identical" && pairs.length < fewest;
  return {
    budget,
    values: logs,
    interval,
    worst: worst.every(Number.isFinite) ? ofLogs(worst, budget.confidence) : null,
    limit: factor,
    reason: short ? `${pairs.length} pairs of replications, a verdict needs ${fewest}` : null,
    ...sides(ratios, Math.log(factor), budget, logs),
    wilcoxon: logs.length <= 60 ? wilcoxon(logs.map((d) => d - Math.log(factor))) : null,
    isCertain: ratios.every(isCertain),
  };
}

function ofLogs(logs: readonly number[], confidence: number): Interval {
  const { point, low, high, n, method } = meanInterval(logs, confidence);
  const scaled = { point: Math.exp(point), low: Math.exp(low), high: Math.exp(high), n };
  return { ...scaled, method: method === "identical" ? "identical" : "log t" };
}

/** Percentiles and extremes are taken on the log scale, where they can be. */
function isSkewed({ aggregate }: Pick<Budget, "aggregate">, values: readonly number[]): boolean {
  const skewed = aggregate.kind === "percentile" || aggregate.kind === "max" || aggregate.kind === "min";
  return skewed && values.every((value) => value > 0);
}

/** The interval of a statistic over its values, one a replication, at least one. */
export function intervalOf(budget: Pick<Budget, "aggregate" | "confidence">, values: readonly number[]): Interval {
  return isSkewed(budget, values) ? logInterval(values, budget.confidence) : meanInterval(values, budget.confidence);
}

/** Is it exceeded by what is larger? */
function isUpper({ op }: Budget): boolean {
  return op === "<=" || op === "<" || op === "==";
}

/**
 * Evidence that the mean lies beyond the limit, and that it lies on the right side of it. What may still grow counts for neither side by
 * more than it does whatever becomes of it.
 */
function sides(
  values: readonly Bounds[],
  limit: number,
  budget: Budget,
  now: readonly number[] = values.map(({ low }) => low),
): Pick<Evidence, "pOver" | "pUnder" | "pUnderNow"> {
  const { op } = budget;
  if (op === "==") {
    const isOver = values.some(({ low, high }) => low > limit || high < limit);
    const isMet = now.every((value) => value === limit);
    return { pOver: isOver ? 0 : 1, pUnder: isMet && values.every(isCertain) ? 0 : 1, pUnderNow: isMet ? 0 : 1 };
  }
  const [lows, highs] = [values.map(({ low }) => low), values.map(({ high }) => high)];
  const [best, worst] = isUpper(budget) ? [lows, highs] : [highs, lows];
  return {
    pOver: best.every(Number.isFinite) ? pSides(best, limit, op).pOver : 1,
    pUnder: worst.every(Number.isFinite) ? pSides(worst, limit, op).pUnder : 1,
    pUnderNow: pSides(now, limit, op).pUnder,
  };
}

function pSides(values: readonly number[], limit: number, op: Budget["op"]): { pOver: number; pUnder: number } {
  const { mean, error } = moments(values);
  if (error === 0) {
    const isOver = !holds(mean, op, limit);
    return { pOver: isOver ? 0 : 1, pUnder: isOver ? 1 : 0 };
  }
  const above = exceedance(values, limit);
  return op === "<=" || op === "<" ? { pOver: above, pUnder: 1 - above } : { pOver: 1 - above, pUnder: above };
}

/** Does a value meet the limit? */
export function holds(value: number, op: Budget["op"], limit: number): boolean {
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

const things: Readonly<Record<string, string>> = {
  "mmap_sem.hold": "hold",
  "mmap_sem.hold_io": "hold across IO",
  "mmap_sem.wait": "wait",
  "op.latency": "operation",
  "vma_lock.hold": "hold",
  "vma_lock.wait": "wait",
};

function openText({ name }: Budget, n: number): string {
  const [thing = "sample", ...rest] = (things[name] ?? "sample").split(" ");
  return `${n} ${[n === 1 ? thing : `${thing}s`, ...rest].join(" ")} had not ended`;
}
