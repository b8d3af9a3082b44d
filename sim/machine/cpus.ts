import type { Task } from "../engine/task.ts";

/** Who runs a task that was woken, and when. The seam where a model of finite CPUs goes. */
export interface Cpus {
  /** `task` may run again: it does so after its wake-up latency. */
  wake(task: Task): void;
}

/** A CPU for every task: nobody is preempted or waits in a run queue. Only waking up takes time. */
export class UnlimitedCpus implements Cpus {
  private readonly wakeUpNs: number;

  /** @param wakeUpNs from the wake-up to the first instruction of the woken task. */
  constructor(wakeUpNs: number) {
    this.wakeUpNs = wakeUpNs;
  }

  wake(task: Task): void {
    task.wake(this.wakeUpNs);
  }
}
