import { setMaxListeners } from "node:events";
import { fileURLToPath } from "node:url";
import { InvariantError } from "../../sim/engine/invariant-error.ts";
import type { Variant } from "../../sim/kernels/variant.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { fromJson, type Replication, replicateOnce } from "../../sim/study/replication.ts";
import { EnvironmentError, UsageError } from "../cli/exit-codes.ts";
import { interruption, listen, unlisten } from "../cli/interruption.ts";
import type { Journal } from "./journal.ts";
import { Progress } from "../cli/progress.ts";
import type { Streams } from "../cli/streams.ts";
import type { Job, JobAnswer } from "./worker.ts";

/** Most threads. */
const maxJobs = 256;

/** How many replications run at once: `--jobs N`. @throws UsageError for a number that is none. */
export function parseJobs(text: string | undefined): number {
  const n = text === undefined ? 1 : Number(text);
  if (!Number.isInteger(n) || n < 1 || n > maxJobs) {
    throw new UsageError(`--jobs: expected a whole number from 1 to ${maxJobs}, got "${text}"`);
  }
  return n;
}

/** Which replications to run: each variant with each seed. */
export interface Replications {
  readonly scenario: Scenario;
  readonly variants: readonly Variant[];
  readonly seeds: readonly string[];
  /** Measured from here on. */
  readonly from_ns: number;
  readonly jobs: number;
  readonly journal: Journal | null;
}

/**
 * Runs each variant with each seed, on `jobs` threads, and returns them by variant in the order of the seeds: the same at any number of
 * threads. What the journal has is not run again. After an interruption the replications that are missing are missing: of each variant
 * only the seeds before the first missing one are returned.
 *
 * @throws InvariantError when a promise of the model is broken.
 */
export async function simulateAll(asked: Replications, streams: Streams): Promise<Replication[][]> {
  const { scenario, variants, seeds, from_ns, journal } = asked;
  const jobs = variants.flatMap((variant) => seeds.map((seed): Job => ({ scenario, variant, seed, from_ns })));
  const done: (Replication | null)[] = jobs.map(({ variant, seed }) => journal?.find(variant.name, seed) ?? null);
  const resumed = done.filter((one) => one !== null).length;
  if (resumed > 0) streams.err(`resumed ${resumed} of ${jobs.length} replications from an interrupted run\n`);
  const progress = new Progress(streams, done);
  const todo = jobs.flatMap((job, i) => (done[i] === null ? [{ job, i }] : []));
  await simulateTodo(todo, asked.jobs, (i, replication) => {
    done[i] = replication;
    journal?.add(replication);
    progress.tell();
  });
  streams.progress("");
  return variants.map((_, v) => prefix(done.slice(v * seeds.length, (v + 1) * seeds.length)));
}

function prefix(replications: readonly (Replication | null)[]): Replication[] {
  const missing = replications.indexOf(null);
  return (missing < 0 ? replications : replications.slice(0, missing)) as Replication[];
}

/**
 * Runs jobs, of any scenarios, on `threads` threads, and tells each as it is finished: its place in the list and what came of it. After
 * an interruption those that are missing are missing.
 *
 * @throws InvariantError when a promise of the model is broken.
 */
export async function simulateEach(
  jobs: readonly Job[],
  threads: number,
  streams: Streams,
  finished: (i: number, replication: Replication) => void,
): Promise<void> {
  let count = 0;
  const todo = jobs.map((job, i) => ({ job, i }));
  await simulateTodo(todo, threads, (i, replication) => {
    finished(i, replication);
    streams.progress(++count === jobs.length ? "" : `${count} of ${jobs.length} replications`);
  });
  streams.progress("");
}

async function simulateTodo(
  todo: Todo,
  threads: number,
  finished: (i: number, replication: Replication) => void,
): Promise<void> {
  const keepWhatIsDone = (): void => {};
  listen(keepWhatIsDone);
  try {
    if (threads === 1) await inThisThread(todo, finished);
    else await onThreads(todo, finished, Math.min(threads, todo.length));
  } finally {
    unlisten(keepWhatIsDone);
  }
}

type Todo = readonly { readonly job: Job; readonly i: number }[];

async function inThisThread(todo: Todo, finished: (i: number, replication: Replication) => void): Promise<void> {
  for (const { job, i } of todo) {
    // A signal is heard between two replications.
    await new Promise((resolve) => setImmediate(resolve));
    if (interruption.code !== null) return;
    finished(i, replicateOnce(job.scenario, job.variant, job.seed, [], undefined, job.from_ns));
  }
}

async function onThreads(
  todo: Todo,
  finished: (i: number, replication: Replication) => void,
  threads: number,
): Promise<void> {
  if (todo.length === 0) return;
  const { Piscina } = await import("piscina");
  const pool = new Piscina<Job, JobAnswer>({ filename: workerFile(), minThreads: threads, maxThreads: threads });
  const abort = new AbortController();
  // One for each job that waits, which is no leak.
  setMaxListeners(0, abort.signal);
  const stop = (): void => abort.abort();
  listen(stop);
  try {
    await Promise.all(
      todo.map(async ({ job, i }) => {
        const answer = await pool.run(job, { signal: abort.signal }).catch((error: unknown) => {
          if (abort.signal.aborted) return null;
          // What a job throws comes back as its answer: this is the thread itself.
          throw new EnvironmentError(`a thread died: ${error instanceof Error ? error.message : String(error)}`);
        });
        if (answer === null) return;
        if (!answer.ok) throw new InvariantError(answer.message, 0, `seed ${job.seed} of ${job.variant.name}`);
        finished(i, fromJson(answer.replication));
      }),
    );
  } finally {
    unlisten(stop);
    await pool.destroy();
  }
}

/** Threads run compiled code, also when this file is run from source by a test. */
function workerFile(): string {
  const here = fileURLToPath(import.meta.url);
  return here.endsWith(".ts")
    ? here.replace(/bin\/study\/pool\.ts$/, "dist/bin/study/worker.js")
    : here.replace(/pool\.js$/, "worker.js");
}
