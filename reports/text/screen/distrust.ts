/** What to distrust of a study, in as few words as it takes. */
import { countWhere, openWhere } from "../../../sim/measure/metrics/metrics.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { formatCount, formatDuration } from "../../words/format-duration.ts";
import { recordingDoubts } from "../../words/recording.ts";
import { plural } from "../../words/sentences.ts";
import { operationLine } from "../../words/unfinished.ts";

/** `46 of 93 costs are guesses (describe)`; null where none is. */
function guessWords({ costs }: Pick<Scenario, "costs">): string | null {
  const all = Object.values(costs);
  const guesses = all.filter(({ provenance }) => provenance === "guessed").length;
  return guesses === 0 ? null : `${guesses} of ${all.length} costs are guesses (describe)`;
}

/** What no number of the scenario shows: what the machine is not, and what nobody measured. */
export function scenarioDoubts(scenario: Scenario): string[] {
  const guesses = guessWords(scenario);
  return [
    ...(guesses === null ? [] : [guesses]),
    ...(scenario.cpus === "unlimited" ? ["CPUs unlimited: no holder is preempted"] : []),
  ];
}

/** What to distrust of the numbers of these variants, each a few words. */
export function doubts(scenario: Scenario, outcomes: readonly VariantOutcome[]): string[] {
  const [first] = outcomes;
  if (first === undefined) return [];
  const { warm_up_ns, precision, seeds } = first;
  const { recording } = scenario;
  return [
    ...(recording === undefined ? scenarioDoubts(scenario) : recordingDoubts(recording)),
    ...(warm_up_ns === 0 ? [] : [`after a warm-up of ${formatDuration(warm_up_ns)}`]),
    ...(precision === null || precision.reached
      ? []
      : [`the precision asked for is not reached with ${plural(seeds.length, "seed")}`]),
    ...openWords(outcomes),
    ...missedWords(outcomes),
    ...(onlySomeUnderVmaLocks(outcomes) ? ["faults under per-VMA locks are in no count (vma_lock)"] : []),
  ];
}

/** `slots of schedules missed: 801 in plain, 11 in unlocked`; of one variant by operation. */
function missedWords(outcomes: readonly VariantOutcome[]): string[] {
  const [first, second] = outcomes;
  if (first !== undefined && second === undefined) return [operationLine(first.metrics, "op.missed") ?? []].flat();
  const parts = outcomes.flatMap(({ variant, metrics }) => {
    const missed = countWhere(metrics, "op.missed", {});
    return missed === 0 ? [] : [`${formatCount(missed)} in ${variant}`];
  });
  return parts.length === 0 ? [] : [`slots of schedules missed: ${parts.join(", ")}`];
}

/** `open at the end (≥): 18 holds and 31 waits in plain`. */
function openWords(outcomes: readonly VariantOutcome[]): string[] {
  const parts = outcomes.flatMap(({ variant, metrics }) => {
    const [holds, waits] = ["mmap_sem.hold", "mmap_sem.wait"].map((name) => openWhere(metrics, name, {}).count) as [
      number,
      number,
    ];
    if (holds + waits === 0) return [];
    const what = [holds, waits].flatMap((n, i) =>
      n === 0 ? [] : [`${formatCount(n)} ${i === 0 ? "hold" : "wait"}${n === 1 ? "" : "s"}`],
    );
    return [`${what.join(" and ")}${outcomes.length > 1 ? ` in ${variant}` : ""}`];
  });
  return parts.length === 0 ? [] : [`open at the end (≥): ${parts.join(", ")}`];
}

function onlySomeUnderVmaLocks(outcomes: readonly VariantOutcome[]): boolean {
  return new Set(outcomes.map(({ axes }) => axes.vma === "none")).size > 1;
}
