import { join } from "node:path";
import { setMaxListeners } from "node:events";
import type { Piscina } from "piscina";
import type { Cell } from "../../sim/study/plan/cell.ts";
import { fromPlain, runCell } from "../../sim/study/plan/measurements.ts";
import { EnvironmentError } from "../cli/exit-codes.ts";
import { stopBySignal } from "../cli/interruption.ts";
import { type Failure, failureOf } from "./model-bug.ts";
import type { CellAnswer } from "./worker.ts";
import { packageRoot } from "../../scenarios/package-root.ts";

/** Threads run compiled code, also when this file is run from source by a test. */
const workerFile = join(packageRoot, "dist/bin/study/worker.js");

/** Whether those who carry out a study shall stop: what is done is kept, what runs is given up. */
export interface Stop {
  isAsked(): boolean;
  /** Runs `body`; `told` is called as soon as it is asked meanwhile. */
  during(told: () => void, body: () => Promise<void>): Promise<void>;
}

/** Asked by a signal of the caller's; never without one. */
export function stopOf(signal: AbortSignal | undefined): Stop {
  return {
    isAsked: () => signal?.aborted === true,
    during: async (told, body) => {
      signal?.addEventListener("abort", told);
      try {
        await body();
      } finally {
        signal?.removeEventListener("abort", told);
      }
    },
  };
}

/** Hears each cell as it is finished, by its place in the list, with what came of it. */
export interface CellsHeard {
  finished(i: number, result: unknown): void;
  /** Makes the error of a cell whose run failed. */
  failed(cell: Cell, failure: Failure): Error;
}

/** Those who run cells: threads, or this one for a cell alone. They stay warm from one batch of a study to the next. */
export interface Workers {
  /** What makes them stop. */
  readonly stop: Stop;
  /** Runs cells. After an interruption those that are missing are missing. @throws what `failed` makes; EnvironmentError. */
  run(cells: readonly Cell[], heard: CellsHeard): Promise<void>;
}

/** Gives `body` so many threads for as long as it takes. @param stop a signal to the program when absent. */
export async function withWorkers<T>(
  threads: number,
  body: (workers: Workers) => Promise<T>,
  stop: Stop = stopBySignal,
): Promise<T> {
  const pool = new Threads(threads, stop);
  try {
    return await body(pool);
  } finally {
    await pool.close();
  }
}

/**
 * Runs a cell here. Nobody listens to signals meanwhile: no handler could run before the cell is over, and as there is nothing yet that
 * could be kept, the system ends the program at once.
 */
async function inThisThread(cell: Cell, heard: CellsHeard, stop: Stop): Promise<void> {
  // A signal that came just before is heard.
  await new Promise((resolve) => setImmediate(resolve));
  if (!stop.isAsked()) heard.finished(0, ran(cell, heard));
}

function ran(cell: Cell, heard: CellsHeard): unknown {
  try {
    return runCell(cell);
  } catch (error) {
    throw heard.failed(cell, failureOf(error));
  }
}

class Threads implements Workers {
  readonly stop: Stop;
  private readonly most: number;
  private pool: Piscina<Cell, CellAnswer> | null = null;

  constructor(most: number, stop: Stop) {
    this.most = most;
    this.stop = stop;
  }

  async run(cells: readonly Cell[], heard: CellsHeard): Promise<void> {
    const [first] = cells;
    if (first === undefined) return;
    // To start a thread takes longer than many a run.
    if (cells.length === 1 && this.pool === null) return inThisThread(first, heard, this.stop);
    const pool = await this.started(cells.length);
    const abort = new AbortController();
    // One for each cell that waits, which is no leak.
    setMaxListeners(0, abort.signal);
    await this.stop.during(
      () => abort.abort(),
      async () => {
        await Promise.all(
          cells.map(async (cell, i) => {
            const answer = await pool.run(cell, { signal: abort.signal }).catch((error: unknown) => {
              if (abort.signal.aborted) return null;
              // What a cell throws comes back as its answer: this is the thread itself.
              throw new EnvironmentError(`a thread died: ${error instanceof Error ? error.message : String(error)}`);
            });
            if (answer === null) return;
            if (!answer.ok) throw heard.failed(cell, answer.failure);
            heard.finished(i, fromPlain(cell.measure, answer.result));
          }),
        );
      },
    );
  }

  /** The threads, as many as the first batch can use; more come when a later one has more cells. */
  private async started(cells: number): Promise<Piscina<Cell, CellAnswer>> {
    if (this.pool === null) {
      const { Piscina } = await import("piscina");
      this.pool = new Piscina<Cell, CellAnswer>({
        filename: workerFile,
        minThreads: Math.min(this.most, cells),
        maxThreads: this.most,
        idleTimeout: Number.POSITIVE_INFINITY,
      });
    }
    return this.pool;
  }

  async close(): Promise<void> {
    await this.pool?.destroy();
  }
}
