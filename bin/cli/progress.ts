import type { Replication } from "../../sim/study/replication.ts";
import { meanBudget } from "../../sim/study/regression.ts";
import { intervalOf, valuesOf } from "../../sim/study/verdict.ts";
import type { Streams } from "./streams.ts";

/** What is watched while replications are made: the mean wait of readers. */
const watched = meanBudget("mmap_sem.wait", { mode: "R" });

/** How far the replications of a study are: how many are done, how sure one is by now, how long the rest will take. */
export class Progress {
  private readonly streams: Streams;
  /** By variant and seed; null those to come. */
  private readonly replications: readonly (Replication | null)[];
  private readonly clock: () => number;
  private readonly began: number;
  private readonly resumed: number;

  /** @param clock ms. */
  constructor(streams: Streams, replications: readonly (Replication | null)[], clock: () => number = Date.now) {
    this.streams = streams;
    this.replications = replications;
    this.clock = clock;
    this.began = clock();
    this.resumed = this.done().length;
  }

  /** Says how far it is, after each replication. */
  tell(): void {
    const done = this.done();
    const all = this.replications.length;
    if (done.length === all) return;
    const took = this.clock() - this.began;
    const left = Math.ceil((took / Math.max(1, done.length - this.resumed)) * (all - done.length) * 1e-3);
    this.streams.progress(`${done.length} of ${all} replications${halfWidth(done)}, about ${left} s left`);
  }

  private done(): Replication[] {
    return this.replications.filter((one) => one !== null);
  }
}

/** `, mean reader wait ±4.2 %`: of the variant that has the widest interval; "" while there is none. */
function halfWidth(done: readonly Replication[]): string {
  const variants = [...new Set(done.map(({ variant }) => variant))];
  const widths = variants.flatMap((name) => {
    const values = [
      ...valuesOf(
        watched,
        done.filter(({ variant }) => variant === name),
      ).values(),
    ];
    const known = values.filter((value): value is number => value !== null);
    if (known.length < 2) return [];
    const { low, high, point } = intervalOf(watched, known);
    return point === 0 ? [] : [(high - low) / 2 / point];
  });
  return widths.length === 0 ? "" : `, mean reader wait ±${(100 * Math.max(...widths)).toFixed(1)} %`;
}
