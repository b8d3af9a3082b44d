import type { Scenario } from "../../sim/scenario.ts";
import type { Budget } from "../../sim/study/budget.ts";
import type { Variant } from "../../sim/study/plan/cell.ts";
import { type Sample, type Sampling, sample } from "../../sim/study/plan/sample.ts";
import { warmUp } from "../../sim/study/plan/warm-up.ts";
import { warmUpArguments } from "../cli/arguments/warm-up.ts";
import { commandText } from "../cli/reproduce.ts";
import type { Streams } from "../cli/streams.ts";
import type { OutputFolder } from "../files/files.ts";
import { carryOut, type Means } from "./carry-out.ts";
import type { AskedScenario } from "./model-bug.ts";
import { type Journal, openJournal } from "./journal.ts";
import type { Workers } from "./workers.ts";

/** What `run`, `compare` and `check` want simulated: checked, and not begun. */
export interface Wanted {
  readonly command: "run" | "compare" | "check";
  /** How a user asks for it. */
  readonly options: AskedScenario & { readonly warmup: string };
  readonly scenario: Scenario;
  readonly budgets: readonly Budget[];
  readonly variants: readonly Variant[];
  readonly seeds: readonly string[];
  readonly precision: number | null;
  /** What is left out at the beginning, ns; null to find it out. */
  readonly warmUp: number | null;
  /** Options of the command's own that its results depend on, as they are typed. */
  readonly more: readonly string[];
}

/** What was simulated. */
export interface Simulated {
  readonly sampling: Sampling;
  readonly sample: Sample;
  readonly means: Means;
  readonly journal: Journal | null;
  /** The command that gives these seeds again; of an interrupted study, all that were asked for. */
  readonly reproduce: string;
}

/** The means without a journal, for what the options ask. */
export function meansOf(options: AskedScenario, workers: Workers, streams: Streams): Means {
  const { scenario, set } = options;
  return { workers, streams, journal: null, asked: () => ({ scenario, set }) };
}

/**
 * Finds the warm-up, then runs the replications, keeping each in the journal of the folder. Null after an interruption before the first of them.
 *
 * @param begin told before the first replication.
 * @throws ModelBug, EnvironmentError.
 */
export async function simulate(
  wanted: Wanted,
  folder: OutputFolder | null,
  bare: Means,
  begin: () => void = () => {},
): Promise<Simulated | null> {
  const { command, options, scenario, budgets, variants, seeds, precision, more } = wanted;
  const found = await carryOut(warmUp(wanted.warmUp, scenario, variants, seeds), bare);
  if (found === null) return null;
  const { from_ns, refused } = found;
  const names = variants.map(({ name }) => name);
  const cut = [...warmUpArguments(options.warmup, scenario, from_ns), ...more];
  const reproduced = (of: readonly string[]): string => commandText(command, options, names, of, cut);
  const head = { scenario, budgets, variants: names, seeds, from_ns, reproduce: reproduced(seeds) };
  const journal = openJournal(folder, [head], head, bare.streams);
  begin();
  const sampling = { scenario, variants, seeds, from_ns, refused, precision, budgets };
  const means = { ...bare, journal };
  const sampled = await carryOut(sample(sampling), means);
  const done = sampled.complete ? (sampled.replications[0]?.map(({ seed }) => seed) ?? []) : seeds;
  return { sampling, sample: sampled, means, journal, reproduce: reproduced(done) };
}
