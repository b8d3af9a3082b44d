import type { Hears, Listener, TaskInfo } from "../../sim/trace/trace.ts";

/** How the races for a lock ended, each a number of cases. */
export interface RaceSplit {
  /** The woken writer had the lock, on the CPU of the reader that let it go. */
  sameCpu: number;
  /** The woken writer had it, on another CPU. */
  otherCpu: number;
  /** The reader that let it go took it again. */
  steal: number;
  /** Another reader did. */
  other: number;
}

/**
 * Who gets the lock that its last reader lets go while a writer waits: a race between the woken writer and readers. Each is
 * classified by who has the lock next, and on which CPU.
 */
export class Races implements Listener {
  readonly split: RaceSplit = { sameCpu: 0, otherCpu: 0, steal: 0, other: 0 };
  private readonly writers = new Set<number>();
  private readonly holders = new Set<number>();
  private race: { reader: number; cpu: number; writers: ReadonlySet<number> } | null = null;

  readonly hears: Hears = {
    mmap_lock_start_locking: (e) => {
      if (e.mode === "W") this.writers.add(e.task);
    },
    mmap_lock_acquire_returned: (e, tasks) => {
      if (e.success) this.acquired(e.task, cpuOf(e.task, tasks));
    },
    mmap_lock_released: (e, tasks) => {
      this.holders.delete(e.task);
      const isRace = e.mode === "R" && this.holders.size === 0 && this.writers.size > 0;
      this.race = isRace ? { reader: e.task, cpu: cpuOf(e.task, tasks), writers: new Set(this.writers) } : null;
    },
  };

  private acquired(task: number, cpu: number): void {
    if (this.race !== null) this.end(task, cpu, this.race);
    this.race = null;
    this.writers.delete(task);
    this.holders.add(task);
  }

  private end(winner: number, cpu: number, race: NonNullable<Races["race"]>): void {
    if (race.writers.has(winner)) this.split[cpu === race.cpu ? "sameCpu" : "otherCpu"]++;
    else this.split[winner === race.reader ? "steal" : "other"]++;
  }
}

function cpuOf(task: number, tasks: readonly TaskInfo[]): number {
  return tasks[task]?.cpu ?? -1;
}
