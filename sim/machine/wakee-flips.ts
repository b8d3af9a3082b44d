import type { SchedEntity } from "./sched-entity.ts";

const second = 1_000_000_000;

/**
 * How often a task has woken another than it woke last, halved once a second: one that serves many, or is one of many, shows by it.
 *
 * Source: v6.18 kernel/sched/fair.c (record_wakee, wake_wide).
 */
export class WakeeFlips {
  /** How often the wakee changed. */
  count = 0;
  private last: SchedEntity | null = null;
  private decayedAt = 0;

  /** The task wakes `wakee`. `tick` is the time between two ticks, ns: the kernel counts the second in them. */
  record(wakee: SchedEntity, now: number, tick: number): void {
    const jiffies = Math.floor(now / tick);
    if (jiffies > this.decayedAt + Math.round(second / tick)) {
      this.count >>= 1;
      this.decayedAt = jiffies;
    }
    if (this.last === wakee) return;
    this.last = wakee;
    this.count++;
  }
}

/** One of the two wakes so many others that they are not to share a CPU: the wakee is not pulled to its waker. `cpus` share a cache. */
export function wakeWide(waker: WakeeFlips, wakee: WakeeFlips, cpus: number): boolean {
  const master = Math.max(waker.count, wakee.count);
  const slave = Math.min(waker.count, wakee.count);
  return slave >= cpus && master >= slave * cpus;
}
