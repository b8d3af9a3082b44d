import { sites } from "../../sim/callers/callers.ts";
import { metricVocabulary } from "../../sim/measure/metrics/vocabulary.ts";
import { parseMetricKey, type Tags } from "../../sim/measure/metrics/metrics.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { Budget, Limit } from "../../sim/study/budget.ts";
import { type Aggregate, parseAggregate } from "../../sim/study/statistic.ts";
import { ioClasses } from "../../sim/trace/kinds.ts";
import type { BudgetForm } from "../schema/budget.ts";
import { nearName } from "../near-name.ts";
import { parseDuration, parseShare, UnitError } from "../units.ts";

/** What is wrong with a budget. */
class BudgetError extends Error {}

/** The roles that come with devices and VMs, beside those of the tasks. */
const otherRoles = ["kworker", "userfaultfd", "fuse_server"];

/**
 * Reads a budget and matches it against what the scenario can measure. Returns the budget, or the key that is wrong and why.
 *
 * @param where `file:line:col`. @param sites the sites that a tag may name; those of the call-site table are always known.
 */
export function parseBudget(
  form: BudgetForm,
  where: string,
  scenario: Scenario,
): Budget | { readonly key: "metric" | "assert"; readonly message: string } {
  let key: "metric" | "assert" = "metric";
  try {
    const { name, tags } = metricOf(form.metric, scenario);
    key = "assert";
    const { aggregate, op, limit } = assertionOf(form.assert, name);
    return {
      metric: form.metric,
      name,
      tags,
      assert: form.assert,
      aggregate,
      op,
      limit,
      level: form.level,
      confidence: form.confidence,
      minEffect: form.minEffect,
      waiver: form.waive ?? null,
      where,
    };
  } catch (error) {
    if (error instanceof BudgetError) return { key, message: error.message };
    throw error;
  }
}

function metricOf(text: string, scenario: Scenario): { name: string; tags: Tags } {
  let parsed: { name: string; tags: Tags };
  try {
    parsed = parseMetricKey(text.replace(/,\s+/g, ",").replace(/^mmap_lock\./, "mmap_sem."));
  } catch {
    throw new BudgetError(`expected name{tag=value,…}, for example mmap_sem.wait{mode=R}, got "${text}"`);
  }
  const { name, tags } = parsed;
  const known = Object.hasOwn(metricVocabulary, name) ? metricVocabulary[name] : undefined;
  if (known === undefined) throw unknown("metric", name, Object.keys(metricVocabulary));
  for (const [tag, value] of Object.entries(tags)) {
    if (!known.tags.includes(tag)) throw unknown(`tag of ${name}`, tag, known.tags);
    const allowed = valuesOf(tag, scenario);
    if (allowed !== null && !allowed.includes(value)) throw unknown(tag, value, allowed);
  }
  return { name, tags };
}

/** What a tag can be in this scenario; null where anything may turn up. */
function valuesOf(tag: string, scenario: Scenario): readonly string[] | null {
  if (tag === "mode") return ["R", "W"];
  if (tag === "mm") return Object.keys(scenario.mms);
  if (tag === "class") return ioClasses;
  if (tag === "role") return [...new Set([...Object.values(scenario.tasks).map(({ role }) => role), ...otherRoles])];
  if (tag === "site") return Object.keys(sites);
  return null;
}

function unknown(what: string, value: string, allowed: readonly string[]): BudgetError {
  const near = nearName(value, allowed);
  const hint = near === null ? "" : ` (did you mean "${near}"?)`;
  return new BudgetError(`unknown ${what} "${value}"${hint}: one of ${allowed.join(", ")}`);
}

const form = /^(share\([^)]*\)|[a-z][\w.]*)\s*(<=|>=|==|<|>)\s*(.+)$/;

function assertionOf(text: string, metric: string): { aggregate: Aggregate; op: Budget["op"]; limit: Limit } {
  const [, what, op, value] = form.exec(text.trim()) ?? [];
  const aggregate = what === undefined ? null : units(() => parseAggregate(what, parseDuration));
  if (aggregate === null || aggregate.kind === "sum_rate" || op === undefined || value === undefined) {
    throw new BudgetError(
      `expected AGGREGATE OP VALUE, for example "p99 <= 1ms" or "mean <= baseline + 5%"; aggregates: count, rate, mean, min, max, pN, share(>X); got "${text}"`,
    );
  }
  const kind = metricVocabulary[metric]?.kind;
  if (kind !== "duration" && aggregate.kind !== "count" && aggregate.kind !== "rate") {
    throw new BudgetError(`${metric} is a ${kind}: it has count and rate, not ${what}`);
  }
  return { aggregate, op: op as Budget["op"], limit: limitOf(value, aggregate) };
}

function limitOf(text: string, aggregate: Aggregate): Limit {
  const [, sign, percent] = /^baseline(?:\s*([+-])\s*(\d+(?:\.\d+)?)\s*%)?$/.exec(text) ?? [];
  if (text.startsWith("baseline")) {
    if (!/^baseline(\s*[+-]\s*\d+(\.\d+)?\s*%)?$/.test(text)) {
      throw new BudgetError(`expected baseline, baseline + 5% or baseline - 5%, got "${text}"`);
    }
    return { kind: "baseline", factor: 1 + (sign === "-" ? -1 : 1) * (Number(percent ?? 0) / 100) };
  }
  if (aggregate.kind === "share") return { kind: "absolute", value: units(() => parseShare(text)) };
  if (aggregate.kind === "count" || aggregate.kind === "rate") {
    const value = Number(text.replace(/\s*\/\s*s$/, ""));
    if (!Number.isFinite(value) || value < 0) {
      throw new BudgetError(`expected a number${aggregate.kind === "rate" ? " a second" : ""}, got "${text}"`);
    }
    return { kind: "absolute", value };
  }
  const known = Object.hasOwn(wellKnown, text) ? wellKnown[text] : undefined;
  return { kind: "absolute", value: known ?? units(() => parseDuration(text)) };
}

/** Times that people recognise, ns: a frame of 60 Hz, the pause that live migration aims at, the hung-task detector. */
const wellKnown: Readonly<Record<string, number>> = {
  frame: 16_700_000,
  "migration-pause": 300_000_000,
  "hung-task": 120_000_000_000,
};

function units<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnitError) throw new BudgetError(error.message);
    throw error;
  }
}
