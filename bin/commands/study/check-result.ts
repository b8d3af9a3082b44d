import { checkDocument } from "../../../reports/documents/check.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { outcomeOfResult, type ResultDocument } from "../../../reports/documents/result.ts";
import {
  type ComparedStat,
  comparedStats,
  keptBounds,
  type SeedValues,
} from "../../../sim/study/outcome/seed-values.ts";
import { aggregateWord, samplesOf, valueIn } from "../../../sim/study/statistic.ts";
import { metricKey } from "../../../sim/measure/metrics/metrics.ts";
import { type Budget, statisticName } from "../../../sim/study/budget.ts";
import type { Observed } from "../../../sim/study/observed.ts";
import { loadBaseline } from "../../study/baseline.ts";
import type { CheckOptions } from "../../cli/arguments/check-options.ts";
import { budgetsOf, judgeToday } from "../../study/judge.ts";
import { codeOf, printCheck } from "../../study/check-output.ts";
import { isRecorded } from "../../../reports/words/recording.ts";
import { UsageError } from "../../cli/exit-codes.ts";
import { OutputFolder } from "../../files/files.ts";
import { readResult } from "../../saved/saved-study.ts";
import type { Streams } from "../../cli/streams.ts";

/**
 * Holds a saved result against the budgets it was made with, those of a file, or a baseline. Nothing is simulated; check.json
 * is written where `--out` says, and the files that CI reads. Returns the exit codes of `check`.
 *
 * @throws UsageError for a file that is no result, options that would simulate, and statistics that it does not hold by seed.
 */
export function checkResult(options: CheckOptions, streams: Streams): number {
  const began = new Date();
  refuseSimulation(options);
  const result = readResult(options.scenario);
  const { scenario } = result;
  const baseline = options.baseline === undefined ? null : loadBaseline(options.baseline, scenario);
  if (baseline !== null && baseline.warm_up_ns !== result.warm_up_ns) {
    throw new UsageError(
      `--baseline ${options.baseline}: it leaves out ${baseline.warm_up_ns} ns at the beginning, the result ${result.warm_up_ns} ns`,
    );
  }
  const budgets = budgetsOf(options, result.budgets, scenario, baseline);
  if (budgets.length === 0) {
    throw new UsageError(`check: ${options.scenario} has no budgets: give --budget FILE or --baseline FILE`);
  }
  refuseUnknown(budgets, result, options.scenario);
  const outcome = outcomeOfResult(result);
  const verdicts = judgeToday(
    budgets,
    observedIn(result, outcome),
    baseline,
    scenario,
    result.warm_up_ns,
    result.warm_up_refused ?? null,
  );
  const { complete, reproduce } = result;
  const document = checkDocument(scenario, outcome, verdicts, { complete, reproduce });
  if (baseline?.warning) streams.err(`${baseline.warning}\n`);
  printCheck(document, scenario, options, began, streams);
  if (typeof options.out === "string") {
    const path = new OutputFolder(options.out).write("check.json", `${JSON.stringify(document, null, 1)}\n`);
    if (!streams.quiet) streams.err(`wrote ${path}\n`);
  }
  return codeOf(document, outcome, options.onInconclusive);
}

/** What a saved result holds of each seed. */
function observedIn({ by_seed, preset }: ResultDocument, { metrics, simulated_ns }: VariantOutcome): Observed {
  return {
    values: (budget) =>
      isRecorded({ preset }) && isOfAll(budget)
        ? new Map(by_seed.map((one) => [one.seed, valueIn(metrics, simulated_ns, budget)]))
        : new Map(
            by_seed.map((one) => [one.seed, keptBounds(one, statisticName(budget), seedValue(one, budget) ?? null)]),
          ),
    samples: ({ name, tags }) => {
      const { ended, open } = samplesOf(metrics, name, tags);
      return ended.count + open.count;
    },
    open: ({ name, tags }) => samplesOf(metrics, name, tags).open.count,
  };
}

/** The longest of a recording, and how many there are, are of it all: its stretches are pieces of one run, and no repetitions of it. */
function isOfAll({ aggregate: { kind } }: Budget): boolean {
  return kind === "max" || kind === "min" || kind === "count";
}

/** `undefined` when the statistic was not kept. */
function seedValue({ judged, values }: SeedValues, budget: Budget): number | null | undefined {
  const kept = judged?.[statisticName(budget)];
  if (kept !== undefined) return kept;
  const { aggregate, name, tags } = budget;
  const stat = aggregateWord(aggregate);
  return comparedStats.includes(stat as ComparedStat)
    ? values[metricKey(name, tags)]?.[stat as ComparedStat]
    : undefined;
}

function refuseUnknown(budgets: readonly Budget[], { by_seed }: ResultDocument, file: string): void {
  const unknown = budgets.filter((budget) => by_seed.every((one) => seedValue(one, budget) === undefined));
  if (unknown.length === 0) return;
  const lines = unknown.map(
    (budget) => `${budget.where}: ${statisticName(budget)} is not among the values by seed of ${file}`,
  );
  throw new UsageError(
    `${lines.join("\n")}\na result keeps those of its budgets, the mean hold of each site, and count, mean, p50, p99 and max of what is compared: check the scenario instead`,
  );
}

/** What was simulated is done. */
function refuseSimulation(options: CheckOptions): void {
  const { set, seed, seeds, variants, jobs, precision, warmup, saveBaseline, update } = options;
  const given = [
    ["--set", set.length > 0],
    ["--seed", seed.length > 0],
    ["--seeds", seeds !== undefined],
    ["--variants", variants !== undefined],
    ["--jobs", jobs !== undefined],
    ["--precision", precision !== undefined],
    ["--warmup", warmup !== "auto"],
    ["--save-baseline", saveBaseline !== undefined],
    ["--update", update],
  ] as const;
  const names = given.filter(([, isGiven]) => isGiven).map(([name]) => name);
  if (names.length > 0) throw new UsageError(`check: a saved result is judged as it is: leave ${names.join(", ")} out`);
}
