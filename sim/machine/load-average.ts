import type { SchedEntity } from "./sched-entity.ts";

/** What is counted loses half of its weight in this time, ns: 32 periods of 1024 us. Source: v6.18 kernel/sched/pelt.c. */
const halfLife = 32 * 1024 * 1000;
const shortTime = 1_000_000;

/** What is left of a weight after `ns`. Of a short time the first terms of the series are exact to 2e-6, and ten times faster. */
function decay(ns: number): number {
  if (ns > shortTime) return 2 ** (-ns / halfLife);
  const x = (ns * Math.LN2) / halfLife;
  return 1 - x + (x * x) / 2;
}

/** Brings the load of an entity up to `now`: it was runnable, or not, since it was looked at last. */
export function updateLoad(entity: SchedEntity, now: number): number {
  const left = decay(now - entity.loadTime);
  entity.load = entity.load * left + (entity.onRq ? 1 - left : 0);
  entity.loadTime = now;
  return entity.load;
}

/**
 * How busy a CPU has been with the entities that are, or were last, on it: 1 for one that always ran.
 *
 * Source: v6.18 kernel/sched/pelt.c (decay_load, accumulate_sum), kernel/sched/fair.c (cpu_load).
 * Left out: periods (the average is continuous here), frequency and capacity; the tick, which brings the load of a busy CPU up to date;
 * and the idle balance, which does so for idle ones now and then.
 */
export class LoadAverage {
  /** As of the last change: that of an idle CPU stays as high as it was. */
  load = 0;
  private time = 0;
  private runnable = 0;

  private at(now: number): number {
    const left = decay(now - this.time);
    this.load = this.load * left + this.runnable * (1 - left);
    this.time = now;
    return this.load;
  }

  /** From `now` on so many more want to run. */
  add(change: 1 | -1, now: number): void {
    this.at(now);
    this.runnable += change;
  }

  /** A sleeping entity of this load (negative: less of it) belongs here from `now` on. */
  attach(load: number, now: number): void {
    this.load = Math.max(0, this.at(now) + load);
  }
}
