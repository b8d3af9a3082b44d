import type { Scenario } from "../../sim/scenario.ts";
import { meanBudget } from "../../sim/study/regression.ts";
import type { Cell } from "../../sim/study/plan/cell.ts";
import type { Replication } from "../../sim/study/replication.ts";
import { valueIn } from "../../sim/study/statistic.ts";
import { intervalOf } from "../../sim/study/evidence.ts";
import type { Streams } from "./streams.ts";

/** What is watched while replications are made: the mean wait of readers. */
const watched = meanBudget("mmap_sem.wait", { mode: "R" });

/** How far the cells of a study are: how many are done, how sure one is by now, how long the rest will take. */
export class Progress {
  private readonly streams: Pick<Streams, "progress">;
  private readonly all: number;
  /** The variant that is watched: the first, of the first scenario. */
  private readonly shown: string;
  private readonly scenario: Scenario | undefined;
  /** How many seeds there are where each is run with two variants; null elsewhere. */
  private readonly pairs: number | null;
  /** How many variants of each seed are done. */
  private readonly bySeed = new Map<string, number>();
  private readonly clock: () => number;
  private readonly began: number;
  private resumed = 0;
  private ran = 0;
  /** What is watched, of each seed. */
  private readonly values: number[] = [];

  /** @param cells all that are run, those of the reference first. @param clock ms. */
  constructor(streams: Pick<Streams, "progress">, cells: readonly Cell[], clock: () => number = Date.now) {
    this.streams = streams;
    this.all = cells.length;
    this.shown = cells[0]?.variant.name ?? "";
    this.scenario = cells[0]?.scenario;
    this.pairs = pairsOf(cells);
    this.clock = clock;
    this.began = clock();
  }

  /** Hears a cell that was finished before. */
  resume(cell: Cell, result: unknown): void {
    this.resumed++;
    this.watch(cell, result);
  }

  /** Hears a cell that has just been finished, and says how far it is. */
  finish(cell: Cell, result: unknown): void {
    this.ran++;
    this.watch(cell, result);
    const done = this.resumed + this.ran;
    if (done === this.all) return;
    const left = Math.ceil(((this.clock() - this.began) / this.ran) * (this.all - done) * 1e-3);
    const what = cell.measure === "warm-up" ? "runs to find the warm-up" : "replications";
    const pairs = this.pairs === null ? "" : ` (${this.pairsDone()} of ${this.pairs} pairs)`;
    this.streams.progress(`${done} of ${this.all} ${what}${pairs}${this.halfWidth()}, about ${left} s left`);
  }

  private pairsDone(): number {
    return [...this.bySeed.values()].filter((variants) => variants === 2).length;
  }

  private watch({ measure, scenario, variant, seed }: Cell, result: unknown): void {
    this.bySeed.set(seed, (this.bySeed.get(seed) ?? 0) + 1);
    if (measure !== "replication" || variant.name !== this.shown || scenario !== this.scenario) return;
    const { metrics, simulated_ns } = result as Replication;
    const value = valueIn(metrics, simulated_ns, watched);
    if (value !== null) this.values.push(value.low);
  }

  /** `, mean wait-R of plain ±4.2 %`: always of the first variant; "" until it has three values, for two tell little. */
  private halfWidth(): string {
    if (this.values.length < 3) return "";
    const { low, high, point } = intervalOf(watched, this.values);
    return point === 0 ? "" : `, mean wait-R of ${this.shown} ±${((100 * (high - low)) / 2 / point).toFixed(1)} %`;
  }
}

/** How many seeds there are where each is run with two variants of one scenario; null for anything else. */
function pairsOf(cells: readonly Cell[]): number | null {
  const seeds = new Set(cells.map(({ seed }) => seed)).size;
  const variants = new Set(cells.map(({ variant }) => variant.name)).size;
  const isPaired = cells.every(({ measure, scenario }) => measure === "replication" && scenario === cells[0]?.scenario);
  return isPaired && variants === 2 && cells.length === 2 * seeds ? seeds : null;
}
