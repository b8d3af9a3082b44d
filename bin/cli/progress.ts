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
  private readonly clock: () => number;
  private readonly began: number;
  private resumed = 0;
  private ran = 0;
  /** What is watched, by scenario, then by variant. */
  private readonly values = new Map<Scenario, Map<string, number[]>>();

  /** @param all cells. @param clock ms. */
  constructor(streams: Pick<Streams, "progress">, all: number, clock: () => number = Date.now) {
    this.streams = streams;
    this.all = all;
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
    this.streams.progress(`${done} of ${this.all} ${what}${this.halfWidth()}, about ${left} s left`);
  }

  private watch({ measure, scenario, variant }: Cell, result: unknown): void {
    if (measure !== "replication") return;
    const { metrics, simulated_ns } = result as Replication;
    const value = valueIn(metrics, simulated_ns, watched);
    if (value === null) return;
    const ofScenario = this.values.get(scenario) ?? new Map<string, number[]>();
    this.values.set(scenario, ofScenario);
    ofScenario.set(variant.name, [...(ofScenario.get(variant.name) ?? []), value.low]);
  }

  /** `, mean wait-R of plain ±4.2 %`: of the variant with the widest interval; "" until each has three values, for two tell little. */
  private halfWidth(): string {
    const all = [...this.values.values()].flatMap((ofScenario) => [...ofScenario]);
    if (all.some(([, known]) => known.length < 3)) return "";
    const widths = all.flatMap(([variant, known]) => {
      const { low, high, point } = intervalOf(watched, known);
      return point === 0 ? [] : [{ variant, width: (high - low) / 2 / point }];
    });
    const [widest] = widths.sort((a, b) => b.width - a.width);
    return widest === undefined ? "" : `, mean wait-R of ${widest.variant} ±${(100 * widest.width).toFixed(1)} %`;
  }
}
