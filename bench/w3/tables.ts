/**
 * W3: rwlock contention. 16 readers (2 us between acquisitions, 0.5 us held), 4 readers (50 us, 2 us) and 1 writer
 * (1 ms, 5 us) on one lock, all times exponential; a tenth of the readers' holds also waits for an IO, log-normal with a
 * median of 1 ms and sigma 0.5. All implementations read these tables, so their outcomes must be equal.
 */
import { Stream } from "../../sim/engine/random.ts";
import { normalQuantile } from "../../sim/engine/sampler.ts";

const size = 1 << 16;
const mask = size - 1;

/** Exponential with mean 1. */
const exponentials = new Float64Array(size);
/** IO time in ns, 0 for the nine tenths without. */
const ios = new Float64Array(size);
const draws = new Stream("w3", "bench", "tables");
for (let i = 0; i < size; i++) {
  exponentials[i] = -Math.log(1 - draws.uniform());
  ios[i] = draws.uniform() < 0.1 ? Math.round(1e6 * Math.exp(0.5 * normalQuantile(draws.uniform()))) : 0;
}

export const taskCount = 21;

/** Mean pause of a task, ns. */
const pauseMean = Float64Array.from({ length: taskCount }, (_, i) => (i < 16 ? 2_000 : i < 20 ? 50_000 : 1_000_000));
/** Mean hold of a task, ns. */
const holdMean = Float64Array.from({ length: taskCount }, (_, i) => (i < 16 ? 500 : i < 20 ? 2_000 : 5_000));

export function isWriter(task: number): boolean {
  return task === 20;
}

/** The `n`-th pause of `task`, whole ns. */
export function pauseOf(task: number, n: number): number {
  return Math.round((pauseMean[task] as number) * (exponentials[(task * 7919 + n * 2) & mask] as number));
}

/** The `n`-th hold of `task`, whole ns. */
export function holdOf(task: number, n: number): number {
  return Math.round((holdMean[task] as number) * (exponentials[(task * 7919 + n * 2 + 1) & mask] as number));
}

/** The IO in the `n`-th hold of `task`, ns, 0 for none. Writers do none. */
export function ioOf(task: number, n: number): number {
  return isWriter(task) ? 0 : (ios[(task * 104729 + n) & mask] as number);
}

/** What an implementation computed. Equal inputs must give equal outcomes. */
export interface Outcome {
  acquisitions: number;
  contended: number;
  waitSum: number;
  end: number;
}
