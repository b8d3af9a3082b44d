import { InvariantError } from "../../sim/engine/invariant-error.ts";
import { momentText } from "../cli/reproduce.ts";

/** What went wrong in a run, as data: it may come from another thread, where classes of ours are not known. */
export interface Failure {
  readonly message: string;
  readonly stack: string;
  /** Where the run was, ns, and whose turn it was; null where the run does not say. */
  readonly at: { readonly time: number; readonly task: string } | null;
}

/** An error that a run ended with. */
export function failureOf(error: unknown): Failure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const at = error instanceof InvariantError ? { time: error.time, task: error.task } : null;
  return { message, stack: stack ?? message, at };
}

/** How a user asks for a scenario: its name or file, and the changes to it. */
export interface AskedScenario {
  readonly scenario: string;
  readonly set: readonly string[];
}

/** The run: names and a seed. */
interface FailedRun {
  readonly scenario: { readonly name: string };
  readonly variant: { readonly name: string };
  readonly seed: string;
}

/** Simulated time that is shown before the moment of a bug, ns. */
const before = 1_000_000;

/** A run broke a promise of the model: a bug of ours. Says in which run and when, and the command that repeats that moment. */
export class ModelBug extends Error {
  /** Shows the events before that moment, with the model checked after each step. */
  readonly replay: string;

  constructor({ scenario, variant, seed }: FailedRun, failure: Failure, asked: AskedScenario) {
    const { at, stack } = failure;
    const when = at === null ? "" : `, at ${at.time} ns${at.task === "" ? "" : `, task ${at.task}`}`;
    super(`scenario ${scenario.name}, variant ${variant.name}, seed ${seed}${when}`);
    this.name = "ModelBug";
    this.stack = stack;
    this.replay = momentText(asked, variant.name, seed, Math.max(0, (at?.time ?? 0) - before));
  }
}
