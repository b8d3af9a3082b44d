import type { Cell } from "../../sim/study/plan/cell.ts";
import { Gathering } from "../../sim/study/plan/gathering.ts";
import type { Measured, MeasurementName } from "../../sim/study/plan/measurements.ts";
import type { CellGroup, Plan } from "../../sim/study/plan/plan.ts";
import { Progress } from "../cli/progress.ts";
import type { Streams } from "../cli/streams.ts";
import type { StudyProgress } from "./documents/study-progress.ts";
import { type AskedScenario, ModelBug } from "./model-bug.ts";
import type { Journal } from "./journal.ts";
import type { Workers } from "./workers.ts";

/** How a plan is carried out here. Nothing of it is in the answer. */
export interface Means {
  readonly workers: Workers;
  /** Where finished cells are kept and found again; null for nowhere. */
  readonly journal: Journal | null;
  readonly streams: Pick<Streams, "err" | "progress">;
  /** Hears each cell that is done; nobody does when absent. */
  heard?(progress: StudyProgress): void;
  /** How a user asks for the scenario of a cell: what a bug is replayed with. */
  asked(cell: Cell): AskedScenario;
}

/**
 * Carries out any plan: runs the cells that it asks for and the journal does not have, on all workers, and gives it what they came to,
 * until it has an answer. After a signal it is given what is done.
 *
 * @param tell hears what each group of cells came to, in the order of the groups, as soon as it is known.
 * @throws ModelBug when a run breaks a promise of the model; EnvironmentError.
 */
export async function carryOut<Answer>(
  plan: Plan<Answer>,
  means: Means,
  tell: (value: unknown, group: number) => void = () => {},
): Promise<Answer> {
  let step = plan.next();
  while (step.done !== true) step = plan.next(await batch(step.value, means, tell));
  return step.value;
}

async function batch(
  groups: readonly CellGroup<unknown>[],
  means: Means,
  tell: (value: unknown, group: number) => void,
): Promise<readonly unknown[]> {
  const { workers, journal, streams } = means;
  const gathering = new Gathering(groups, tell);
  const progress = new Progress(
    streams,
    gathering.wanted.map(({ cell }) => cell),
  );
  const todo = gathering.wanted.filter((wanted) => {
    const before = journal?.find(wanted.cell) ?? null;
    if (before === null) return true;
    progress.resume(wanted.cell, before);
    gathering.add(wanted, before);
    return false;
  });
  const resumed = gathering.wanted.length - todo.length;
  let done = resumed;
  if (resumed > 0)
    streams.err(`resumed ${resumed} of ${gathering.wanted.length} replications from an interrupted run\n`);
  await workers.run(
    todo.map(({ cell }) => cell),
    {
      finished: (i, result) => {
        const wanted = todo[i] as (typeof todo)[number];
        journal?.add(wanted.cell, result as Measured[MeasurementName]);
        progress.finish(wanted.cell, result);
        gathering.add(wanted, result);
        done++;
        const { measure, variant, seed } = wanted.cell;
        means.heard?.({ done, of: gathering.wanted.length, measure, variant: variant.name, seed });
      },
      failed: (cell, failure) => new ModelBug(cell, failure, means.asked(cell)),
    },
  );
  streams.progress("");
  return gathering.values;
}
