import type { EndingKind, Scenario } from "../../sim/scenario.ts";
import type { Interval } from "../../sim/study/statistics.ts";
import type { Budget } from "../../sim/study/budget.ts";
import type { Verdict } from "../../sim/study/verdict.ts";
import { culprit as culpritOf } from "./culprit.ts";
import { atLeast } from "../words/bounded.ts";
import { formatDuration, threeSignificant } from "../words/format-duration.ts";
import type { Precision, VariantOutcome } from "../../sim/study/outcome/outcome.ts";

/** One budget in a document. Values are ns, counts, a second or shares; of a relative budget, ratios to the baseline. */
export interface CheckRow {
  readonly metric: string;
  readonly assert: string;
  readonly level: Budget["level"];
  readonly where: string;
  readonly status: Verdict["status"];
  readonly passed: boolean;
  readonly interval: Interval | null;
  /** Samples of it had not ended: what was observed may only be larger. */
  readonly at_least: boolean;
  readonly limit: number;
  readonly exceeded: number | null;
  readonly p_holm: number | null;
  readonly wilcoxon: number | null;
  readonly reason: string | null;
  /** Which site, doing what, used most of the budget up, in words that follow "mostly"; null when it is met, or nothing can be said. */
  readonly culprit: string | null;
}

/** What `check --format json` prints. */
export interface CheckDocument {
  readonly schema: "gupsim/check/v1";
  readonly scenario: string;
  readonly variant: string;
  readonly seeds: readonly string[];
  readonly ending: EndingKind;
  readonly findings: readonly string[];
  readonly complete: boolean;
  /** Left out at the beginning of each replication. */
  readonly warm_up_ns: number;
  /** Why there are so many seeds; `null` where their number was given. */
  readonly precision: Precision | null;
  /** How many budgets were tested: the number of Holm's correction. */
  readonly tests: number;
  readonly passed: boolean;
  readonly rows: readonly CheckRow[];
  /** The command that repeats it. */
  readonly reproduce: string;
}

/** The document of a check. */
export function checkDocument(
  scenario: Scenario,
  outcome: VariantOutcome,
  verdicts: readonly Verdict[],
  context: { readonly complete: boolean; readonly reproduce: string },
): CheckDocument {
  const rows = verdicts.map((verdict) => rowOf(verdict, outcome));
  return {
    schema: "gupsim/check/v1",
    scenario: scenario.name,
    variant: outcome.variant,
    seeds: outcome.seeds,
    ending: outcome.ending,
    findings: outcome.findings,
    complete: context.complete,
    warm_up_ns: outcome.warm_up_ns,
    precision: outcome.precision,
    tests: verdicts.filter(({ p }) => p !== null).length,
    passed: rows.every(({ passed }) => passed),
    rows,
    reproduce: context.reproduce,
  };
}

function rowOf(verdict: Verdict, outcome: VariantOutcome): CheckRow {
  const { budget, status, interval, isAtLeast, limit, exceeded, p, wilcoxon, reason } = verdict;
  return {
    metric: budget.metric,
    assert: budget.assert,
    level: budget.level,
    where: budget.where,
    status,
    passed: status !== "fail" && status !== "inconclusive",
    interval: possible(budget, interval),
    at_least: isAtLeast,
    limit,
    exceeded,
    p_holm: p,
    wilcoxon,
    reason,
    culprit: status === "fail" || status === "waived" ? culpritOf(budget, outcome.metrics) : null,
  };
}

/** An interval of a share or of a time goes no further than shares and times do. */
function possible({ aggregate, limit }: Budget, interval: Interval | null): Interval | null {
  if (interval === null || limit.kind === "baseline") return interval;
  const most = aggregate.kind === "share" ? 1 : Number.POSITIVE_INFINITY;
  return { ...interval, low: Math.max(0, interval.low), high: Math.min(most, interval.high) };
}

/** A value of a row as text: `12.5 ms`, `+5.1 %` for a ratio, a number for a count. */
export function valueText(row: Pick<CheckRow, "assert">, value: number): string {
  if (row.assert.includes("baseline")) {
    const change = (value - 1) * 100;
    return `${change >= 0 ? "+" : ""}${threeSignificant(change)} %`;
  }
  if (/^(count|rate)/.test(row.assert)) return threeSignificant(value);
  if (row.assert.startsWith("share")) return `${threeSignificant(value * 100)} %`;
  return formatDuration(value);
}

/** What was observed, `≥ 4.98 s` where it may only be larger; `-` without a sample. */
export function observedText(row: CheckRow): string {
  if (row.interval === null) return "-";
  const text = valueText(row, row.interval.point);
  return row.at_least ? atLeast(text) : text;
}

/** `[a, b]`, or `identical` where every replication gave the same. */
export function intervalText(row: CheckRow): string {
  const { interval } = row;
  if (interval === null) return "-";
  if (interval.method === "identical") return "identical";
  return `[${valueText(row, interval.low)}, ${valueText(row, interval.high)}]`;
}

/** `mostly async_pf_execute over swap IO (79 % of the hold)`, "" where nothing is known. */
export function culpritText({ culprit }: CheckRow): string {
  return culprit === null ? "" : `mostly ${culprit}`;
}

/** `exceeded by 4 ms (400 %)`. */
export function exceededText(row: CheckRow): string {
  if (row.exceeded === null) return "";
  const share = row.limit > 0 ? ` (${threeSignificant((row.exceeded / row.limit) * 100)} %)` : "";
  const by = row.assert.includes("baseline")
    ? `${threeSignificant(row.exceeded * 100)} points`
    : valueText(row, row.exceeded);
  return `exceeded by ${by}${share}`;
}
