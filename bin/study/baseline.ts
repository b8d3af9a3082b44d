import { basename, dirname } from "node:path";
import type { z } from "zod";
import type { Scenario } from "../../sim/scenario.ts";
import { type Bounds, finite, isCertain } from "../../sim/study/bounds.ts";
import { type Budget, statisticName } from "../../sim/study/budget.ts";
import { siteBudget, siteBudgets } from "../../sim/study/regression.ts";
import { scenarioHash } from "../../sim/study/plan/cell.ts";
import type { Replication } from "../../sim/study/replication.ts";
import { type Values, valuesOf } from "../../sim/study/observed.ts";
import { UsageError } from "../cli/exit-codes.ts";
import { baselineForm } from "../saved/forms/baseline-form.ts";
import { expected, readJson } from "../saved/read-document.ts";
import { OutputFolder } from "../files/files.ts";
import { versionStamp } from "../cli/version-stamp.ts";

type BaselineDocument = z.infer<typeof baselineForm>;

/** A saved baseline. */
export interface Baseline {
  readonly variant: string;
  /** What was left out at the beginning: the same must be left out of what is held against it. */
  readonly warm_up_ns: number;
  /** Told when it was made by another version. */
  readonly warning: string | null;
  values(budget: Budget): Values | null;
  /** The statistics that it has: `metric aggregate`. */
  readonly statistics: readonly string[];
}

/** Writes the values of the budgets, and the mean hold of each site, as a baseline. Returns its path. */
export function saveBaseline(
  file: string,
  scenario: Scenario,
  variant: string,
  replications: readonly Replication[],
  budgets: readonly Budget[],
  warm_up_ns: number,
): string {
  const all = [...budgets, ...siteBudgets(replications, placeIn(file))];
  const kept = all
    .map((budget): [string, [string, Bounds | null][]] => [statisticName(budget), [...valuesOf(budget, replications)]])
    .sort(byName);
  const values = kept.map(([name, seeds]) => [
    name,
    Object.fromEntries(seeds.map(([seed, one]) => [seed, one?.low ?? null])),
  ]);
  const growing = kept.flatMap(([name, seeds]): [string, Record<string, number | null>][] => {
    const open = seeds.flatMap(([seed, one]): [string, number | null][] =>
      one === null || isCertain(one) ? [] : [[seed, finite(one.high)]],
    );
    return open.length === 0 ? [] : [[name, Object.fromEntries(open)]];
  });
  const document: BaselineDocument = {
    schema: "gupsim/baseline/v1",
    version: { ...versionStamp() },
    scenario: scenario.name,
    scenario_hash: scenarioHash(scenario),
    variant,
    warm_up_ns,
    values: Object.fromEntries(values),
    ...(growing.length === 0 ? {} : { at_most: Object.fromEntries(growing) }),
  };
  return new OutputFolder(dirname(file)).write(basename(file), `${JSON.stringify(document, null, 1)}\n`);
}

/**
 * Reads a baseline for `scenario`.
 *
 * @throws UsageError when it cannot be read, is none, is damaged, or is of another scenario.
 */
export function loadBaseline(file: string, scenario: Scenario): Baseline {
  const document = expected(readJson(file), "gupsim/baseline", baselineForm);
  if (document.scenario_hash !== scenarioHash(scenario)) {
    throw new UsageError(
      `--baseline ${file}: it is of another scenario (${document.scenario}, hash ${document.scenario_hash.slice(0, 12)}); this is ${scenario.name}, hash ${scenarioHash(scenario).slice(0, 12)}. Save a new one with --save-baseline`,
    );
  }
  const now = versionStamp();
  const differs = document.version.version !== now.version;
  return {
    variant: document.variant,
    warm_up_ns: document.warm_up_ns,
    warning: differs ? `the baseline was made by version ${document.version.version}, this is ${now.version}` : null,
    values: (budget) => {
      const values = document.values[statisticName(budget)];
      if (values === undefined) return null;
      const at_most = document.at_most?.[statisticName(budget)];
      const bounds = (seed: string, low: number | null): Bounds | null => {
        const high = at_most?.[seed];
        return low === null ? null : { low, high: high === undefined ? low : (high ?? Number.POSITIVE_INFINITY) };
      };
      return new Map(Object.entries(values).map(([seed, low]) => [seed, bounds(seed, low)]));
    },
    statistics: Object.keys(document.values),
  };
}

/** The regression budgets of a baseline: the mean hold of each site, no worse than it was. */
export function regressionBudgets(baseline: Baseline, file: string): Budget[] {
  return baseline.statistics.flatMap((name) => {
    const [, mode, site] = /^mmap_sem\.hold\{mode=(R|W),site=(.+)\} mean$/.exec(name) ?? [];
    return mode === undefined || site === undefined ? [] : [siteBudget(mode, site, placeIn(file))];
  });
}

function placeIn(file: string): string {
  return `${file}:1:1`;
}

function byName<T>([a]: readonly [string, T], [b]: readonly [string, T]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
