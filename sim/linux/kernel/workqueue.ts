import type { Steps } from "../../engine/task.ts";
import { task_struct } from "../include/linux/sched.ts";
import type { Kernel } from "../kernel.ts";

/** Something to be done by a worker. */
export type work_struct = (current: task_struct) => Steps;

/**
 * The system workqueue: work runs on an idle worker, or on a new one while there are fewer than `max_active`; the rest
 * waits in order.
 *
 * Source: v3.17 kernel/workqueue.c (system_wq, WQ_DFL_ACTIVE).
 * Left out: per-CPU pools, the wait for a running worker to block.
 */
export class workqueue_struct {
  private readonly kernel: Kernel;
  private readonly max_active: number;
  private readonly pending: { readonly work: work_struct; readonly substream: number }[] = [];
  private readonly idle: task_struct[] = [];
  private readonly worker: { readonly name: string; readonly role: string };
  private workers = 0;

  /** @param worker the name of each, before its number, and their role. */
  constructor(kernel: Kernel, max_active = 256, worker = { name: "kworker/u:", role: "kworker" }) {
    this.kernel = kernel;
    this.max_active = max_active;
    this.worker = worker;
  }

  /**
   * Queues `work` and wakes a worker; the caller pays `queue_work`. `substream` names what is drawn for the work, whoever does it.
   *
   * Source: v3.17 kernel/workqueue.c.
   */
  schedule_work(work: work_struct, substream: number): void {
    const { kernel } = this;
    this.pending.push({ work, substream });
    const worker = this.idle.pop();
    if (worker !== undefined) {
      worker.begins(substream);
      kernel.cpus.wake(worker, 0);
    } else if (this.workers < this.max_active) {
      const created = new task_struct(kernel, `${this.worker.name}${this.workers++}`, this.worker.role, null);
      kernel.start(created, this.worker_thread(created), kernel.costs.wake_up);
    }
  }

  private *worker_thread(current: task_struct): Steps {
    for (;;) {
      const next = this.pending.shift();
      if (next === undefined) {
        if (current.settles()) yield;
        if (this.pending.length !== 0) continue;
        this.idle.push(current);
        current.site = "";
        current.sleepFor("idle-worker");
        yield;
        current.wokeFrom("idle-worker");
        continue;
      }
      // Its first draw was the wake-up of a worker.
      current.begins(next.substream, 1);
      yield* next.work(current);
    }
  }
}
