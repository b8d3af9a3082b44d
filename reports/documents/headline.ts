/** What every report begins with: whether it is whole, how the runs ended, and why the tasks waited. */
import { countWhere, type Metrics } from "../../sim/measure/metrics/metrics.ts";
import { isStopped } from "../../sim/study/outcome/ending.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import type { Mode } from "../../sim/trace/kinds.ts";
import { plural } from "../words/sentences.ts";
import { waitSentence } from "./blame.ts";

/** How much of a study there is. */
export interface Completeness {
  /** False after an interruption: seeds are missing. */
  readonly complete: boolean;
  /** How many seeds were asked for; null where that is not known any more. */
  readonly seedsAsked: number | null;
  /** Does the same command go on where this one stopped? */
  readonly resumes: boolean;
}

/** A study that is whole. */
export const whole: Completeness = { complete: true, seedsAsked: null, resumes: false };

/** `interrupted: 3 of 20 pairs; the same command resumes`; null for a study that is whole. @param what one seed of it is called. */
export function interruptedWords(study: Completeness, seeds: number, what: "pair" | "seed"): string | null {
  if (study.complete) return null;
  const of =
    study.seedsAsked === null
      ? `${plural(seeds, what)}, fewer than were asked for`
      : `${seeds} of ${plural(Math.max(seeds, study.seedsAsked), what)}`;
  return `interrupted: ${of}${study.resumes ? "; the same command resumes" : ""}`;
}

/** `ended by deadlock`; null for a run that went on to its end. */
export function endingWords(outcome: Pick<VariantOutcome, "ending">): string | null {
  return isStopped(outcome) ? `ended by ${outcome.ending}` : null;
}

/**
 * The most important thing about a variant, in one sentence: how it ended if it was stopped, and what was found; else why readers
 * waited. A run that was stopped is never headlined by what did not happen before.
 */
function headline(outcome: VariantOutcome): string {
  const ending = endingWords(outcome);
  if (ending === null) return waitSentence(outcome.metrics, "R");
  const [first, ...others] = outcome.findings;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  const open = openWords(outcome.metrics, "R");
  return `${ending}${first === undefined ? "" : `: ${first}${more}`}${open === null ? "" : `; ${open}`}`;
}

/** A warm-up that was refused, then the {@link headline}: what stands first in every report. */
export function firstLine(outcome: VariantOutcome): string {
  const { warm_up_refused } = outcome;
  return `${warm_up_refused === undefined ? "" : `${warm_up_refused}; `}${headline(outcome)}`;
}

/** `5 readers still waited when the run ended`; null when none did. */
function openWords(metrics: Metrics, mode: Mode): string | null {
  const open = countWhere(metrics, "mmap_sem.wait_open", { mode });
  if (open === 0) return null;
  return `${plural(open, mode === "R" ? "reader" : "writer")} still waited when the run ended`;
}
