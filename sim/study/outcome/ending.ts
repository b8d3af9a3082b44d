/** How runs end, several of them together, and whether that was to be expected. */
import type { EndingKind, Scenario } from "../../scenario.ts";

/** Endings, worst first. */
const worstFirst: readonly EndingKind[] = [
  "deadlock",
  "orphaned-lock",
  "leaked-lock",
  "event-limit",
  "work-done",
  "duration",
];

/** The ending of several replications: the worst of theirs. */
export function worstEnding(endings: readonly EndingKind[]): EndingKind {
  return worstFirst.find((ending) => endings.includes(ending)) ?? "duration";
}

/** Did the run stop early: a deadlock, an orphaned or leaked lock, too many events? */
export function isStopped({ ending }: { readonly ending: EndingKind }): boolean {
  return ending !== "duration" && ending !== "work-done";
}

/** Did it stop in a way that the scenario does not announce, for the variant or its preset? */
export function isUnexpected(
  scenario: Scenario,
  outcome: { readonly variant: string; readonly preset: string; readonly ending: EndingKind },
): boolean {
  const announced = scenario.expected[outcome.variant] ?? scenario.expected[outcome.preset];
  return isStopped(outcome) && announced !== outcome.ending;
}
