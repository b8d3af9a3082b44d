import type { Steps, Waitable } from "../../../engine/task.ts";
import type { Mode } from "../../../trace/kinds.ts";
import type { Kernel } from "../../kernel.ts";
import type { task_struct } from "./sched.ts";

/**
 * Someone in the queue. `granted` is set by the waker when it makes the waiter an owner. `timeout` is the tick after which it
 * may ask for the lock to be handed over, `handoff_set` says that it did.
 */
export interface rwsem_waiter {
  readonly task: task_struct;
  readonly type: "RWSEM_WAITING_FOR_READ" | "RWSEM_WAITING_FOR_WRITE";
  readonly timeout: number;
  handoff_set: boolean;
  granted: boolean;
}

/**
 * What distinguishes one rwsem from another. Names are those of the C functions behind `down_read` and its kin.
 * The functions without `_failed` decide at once and never sleep. Those with it answer false only when `killable` and killed.
 */
export interface rwsem_policy {
  readonly name: string;
  __down_read_trylock(current: task_struct, sem: rw_semaphore): boolean;
  __down_write_trylock(current: task_struct, sem: rw_semaphore): boolean;
  rwsem_down_read_failed(current: task_struct, sem: rw_semaphore, killable: boolean): Steps<boolean>;
  rwsem_down_write_failed(current: task_struct, sem: rw_semaphore, killable: boolean): Steps<boolean>;
  __up_read(sem: rw_semaphore): void;
  __up_write(sem: rw_semaphore): void;
  __downgrade_write(sem: rw_semaphore): void;
}

/**
 * A sleeping lock, shared or exclusive. The bits of the kernel's count word stand as named fields.
 *
 * Source: v3.17 include/linux/rwsem.h, arch/x86/include/asm/rwsem.h.
 * Left out: wait_lock (a change of the queue is atomic here), lockdep.
 */
export class rw_semaphore {
  /** Name of the mm it protects, as in the trace. */
  readonly name: string;
  readonly policy: rwsem_policy;
  readonly kernel: Kernel;
  readonly checked: boolean;
  /** Readers that own it, those included that were granted and have not run yet. */
  readers = 0;
  /** The writer that owns it. Readers are not recorded, as in v3.17. */
  owner: task_struct | null = null;
  readonly wait_list: rwsem_waiter[] = [];
  /** Writers that spin, in the order of the MCS queue; only the first looks at the lock. */
  readonly osq: task_struct[] = [];
  /** v5.3 and later: the last owner was a reader. Stays set when the readers are gone. */
  readerOwned = false;
  /** v5.3 and later: a writer has spun on readers in vain. */
  nonspinnable = false;
  /** v5.3 and later: no more stealing, the lock goes to the head of the queue. */
  handoff = false;
  /** Tasks woken by the release under way. */
  wakeUps = 0;
  /** `steal:N`: how often the lock was taken past the head of the queue. */
  stolen = 0;
  /** A task that died owning it. */
  deadHolder: task_struct | null = null;
  readonly forRead: Waitable;
  readonly forWrite: Waitable;

  constructor(name: string, policy: rwsem_policy, kernel: Kernel) {
    this.name = name;
    this.policy = policy;
    this.kernel = kernel;
    this.checked = kernel.checkInvariants;
    this.forRead = new SemWait(this, `mmap_sem of ${name} for read`);
    this.forWrite = new SemWait(this, `mmap_sem of ${name} for write`);
  }

  /** Makes `task` an owner. */
  grant(task: task_struct, mode: Mode): void {
    if (mode === "R") this.readers++;
    else this.owner = task;
    if (task.held.length === 0) {
      task.ownsSince = this.kernel.sim.now;
      task.ownsFor = task.site;
    }
    task.held.push(this);
    task.obligations++;
  }

  /** Takes ownership of one lock away from `task`. */
  disown(task: task_struct, mode: Mode): void {
    if (mode === "R") this.readers--;
    else this.owner = null;
    const { held } = task;
    if (held[held.length - 1] === this) held.pop();
    else held.splice(held.lastIndexOf(this), 1);
    task.obligations--;
  }
}

/** Edges of the wait-for graph: whoever is ahead in the queue; the owners, for the first of the queue and for spinners. */
class SemWait implements Waitable {
  readonly what: string;
  private readonly sem: rw_semaphore;

  constructor(sem: rw_semaphore, what: string) {
    this.sem = sem;
    this.what = what;
  }

  get deadHolder(): task_struct | null {
    return this.sem.deadHolder;
  }

  edge(blocker: task_struct): string {
    return blocker.held.includes(this.sem) ? "held by" : "queued behind";
  }

  blockers(waiter: task_struct): readonly task_struct[] {
    const { wait_list, kernel } = this.sem;
    const place = wait_list.findIndex((queued) => queued.task === waiter);
    if (place > 0) return wait_list.slice(0, place).map((queued) => queued.task);
    return kernel.tasks.filter((task) => task.held.includes(this.sem));
  }
}
