import type { Budget } from "./budget.ts";
import { type Evidence, evidence, holds } from "./evidence.ts";
import type { Observed, Values } from "./observed.ts";
import { holm, type Interval, meanInterval, moments } from "./statistics.ts";

/** How a budget fared. Values in the unit of its statistic: ns, counts, a second, shares; of a relative one, ratios to the baseline. */
export interface Verdict {
  readonly budget: Budget;
  readonly status: "pass" | "fail" | "inconclusive" | "waived" | "off";
  /** Over the replications, of what open samples make of them at their ages; of a relative budget, of the ratio. Null where there is nothing to take it of. */
  readonly interval: Interval | null;
  readonly limit: number;
  /** How far the observed value is beyond the limit; null when it is not. */
  readonly exceeded: number | null;
  /** Some samples had not ended: what was observed may only be larger. */
  readonly isAtLeast: boolean;
  /** Why it is inconclusive. */
  readonly reason: string | null;
  /** Probability of so much excess if the limit held, after Holm's correction over all budgets of the check. */
  readonly p: number | null;
  /** Of a relative budget: Wilcoxon's probability beside it. */
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

/** The verdicts without one where the run is warming up for most of its time. @param refused why no warm-up was left out. */
export function heedWarmUp(
  verdicts: readonly Verdict[],
  warm_up_ns: number,
  duration_ns: number,
  refused: string | null,
): Verdict[] {
  if (refused === null && warm_up_ns <= duration_ns / 2) return [...verdicts];
  const reason = `${refused ?? "the warm-up is more than half of the run"}: run longer, or give --warmup`;
  return verdicts.map((one) => (one.status === "off" ? one : { ...one, status: "inconclusive", reason }));
}

function verdictOf(one: Evidence, p: number | null, today: string): Verdict {
  const { budget, interval, limit, reason, wilcoxon: rank } = one;
  const point = interval?.point ?? null;
  const exceeded = point === null || holds(point, budget.op, limit) ? null : Math.abs(point - limit);
  const base = { budget, interval, limit, exceeded, isAtLeast: one.open !== null, p, wilcoxon: rank };
  if (budget.level === "off") return { ...base, status: "off", reason: null };
  const isFailed = p !== null && p <= (1 - budget.confidence) / 2 && isBigEnough(one);
  if (isFailed && budget.waiver !== null && today <= budget.waiver.until) {
    return { ...base, status: "waived", reason: `waived until ${budget.waiver.until}: ${budget.waiver.reason}` };
  }
  if (isFailed) return { ...base, status: "fail", reason: null };
  if (reason !== null) return { ...base, status: "inconclusive", reason };
  const within = (pUnder: number, over: Interval | null): boolean =>
    pUnder <= (1 - budget.confidence) / 2 || isWithinEffect(budget, over);
  if (within(one.pUnder, one.worst)) return { ...base, status: "pass", reason: null };
  if (one.open !== null && within(one.pUnderNow, interval)) {
    return { ...base, status: "inconclusive", reason: `${one.open}: with them it could be beyond the limit` };
  }
  return { ...base, status: "inconclusive", reason: `the limit lies inside the interval${moreNeeded(one)}` };
}

/** A regression against the baseline itself must also be worth the name. */
function isBigEnough({ budget, interval }: Evidence): boolean {
  if (budget.limit.kind === "absolute" || budget.limit.factor !== 1 || interval === null) return true;
  return Math.abs(interval.point - 1) >= budget.minEffect;
}

/** No change worth the name: the whole interval lies within the smallest effect. */
function isWithinEffect(budget: Budget, interval: Interval | null): boolean {
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
