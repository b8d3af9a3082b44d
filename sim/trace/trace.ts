/**
 * The event vocabulary: everything the model says and everything that is measured passes through here.
 *
 * The three lock events are the kernel's own `mmap_lock` tracepoints, under their own names; a real kernel's trace can be
 * turned into them. The others show what no tracepoint shows.
 */

/** How a lock is taken: shared (`R`) or exclusive (`W`), the suffixes of lock_stat's rows. */
export type Mode = "R" | "W";

/** What a sleeping task waits for. */
export type SleepReason = IoClass | "migration" | "apf-halt" | "guest-idle" | "idle-worker" | "service";

/**
 * The IO classes of `mmap_sem.hold_io`, time under the lock: `fuse` and `userfault` are servers in userspace, `writeback` the
 * wait of a writer for a page on its way out, `throttle` a full request queue, `reclaim` a page allocation that frees first.
 */
export const ioClasses = ["swap", "file", "fuse", "userfault", "writeback", "throttle", "reclaim"] as const;
export type IoClass = (typeof ioClasses)[number];

/**
 * The kinds of events, and what the shared fields of {@link TraceEvent} mean in each.
 *
 * | kind | mm | mode | label | value | aux |
 * | --- | --- | --- | --- | --- | --- |
 * | `mmap_lock_start_locking` | mm | yes | func | - | - |
 * | `mmap_lock_acquire_returned` | mm | yes | func | 1 success, 0 failed trylock | 1 when this is a downgrade |
 * | `mmap_lock_released` | mm | yes | func | - | - |
 * | `granted`: a queued reader owns the lock, it need not run yet | mm | yes | - | - | - |
 * | `contention_begin`, `contention_end`: the sleeping part of a slow path | mm | yes | - | - | - |
 * | `vma_start_read`: a fault tries the lock of its mapping | mm | - | vma, or why not | 1 success, 0 falls back to mmap_lock | - |
 * | `vma_end_read` | mm | - | vma | - | - |
 * | `vma_wait_begin`, `vma_wait_end`: a writer waits for the readers of a mapping | mm | W | vma | - | - |
 * | `op_begin` | - | - | op | number of the operation | intended start, ns |
 * | `op_end` | - | - | op | number of the operation | 1 done, 0 failed |
 * | `op_missed`: schedule slots skipped because the last operation was still running | - | - | op | how many | - |
 * | `gup_begin` | mm | - | variant function | pages asked for | first page |
 * | `gup_end` | mm | - | variant function | result: pages or -errno | - |
 * | `fault_begin` | mm | - | vma | page | fault flags |
 * | `fault_end` | mm | - | fault kind | page | result bits |
 * | `io_submit`, `io_complete` | - | - | device | page | pages in one IO |
 * | `sleep`, `wake`: the task leaves its CPU; it runs again | - | - | reason | - | - |
 * | `sched_out`: the task loses its CPU to another and could go on | - | - | - | - | - |
 * | `sched_in`: it has a CPU, after waiting for one | - | - | - | ns in the run queue | - |
 * | `gup_retry`: a page is asked for again after VM_FAULT_RETRY | mm | - | - | number of the retry | - |
 * | `section_lost`: the caller's critical section was interrupted by a drop | mm | - | - | - | - |
 * | `kvm_async_pf_not_present` | - | - | `guest` or `halt` | gfn | token |
 * | `kvm_async_pf_ready` | - | - | - | gfn | token |
 * | `work_begin`, `work_end`: a worker or a thread of a server takes up a piece of work, and is done with it | - | - | function, or device | token, or page | the task it is for, -1 for anybody |
 * | `server_end`: a server in userspace stops to answer | - | - | device, and `hangs` or `exits` | - | - |
 * | `bug`: a kernel assertion ended the task | mm | - | the assertion | locks it still holds | - |
 */
export type EventKind =
  | "mmap_lock_start_locking"
  | "mmap_lock_acquire_returned"
  | "mmap_lock_released"
  | "granted"
  | "contention_begin"
  | "contention_end"
  | "vma_start_read"
  | "vma_end_read"
  | "vma_wait_begin"
  | "vma_wait_end"
  | "op_begin"
  | "op_end"
  | "op_missed"
  | "gup_begin"
  | "gup_end"
  | "fault_begin"
  | "fault_end"
  | "io_submit"
  | "io_complete"
  | "sleep"
  | "wake"
  | "sched_out"
  | "sched_in"
  | "gup_retry"
  | "section_lost"
  | "kvm_async_pf_not_present"
  | "kvm_async_pf_ready"
  | "work_begin"
  | "work_end"
  | "server_end"
  | "bug";

/**
 * One event. There is a single record, filled anew for each event: a listener that wants to keep something copies it.
 *
 * `task` is the index into {@link Trace.tasks}, -1 when no task is concerned (an IO completes). `site` is the kernel
 * function on whose behalf the task works, `""` outside any. Fields that a kind does not use hold `""`, `"R"` or 0.
 */
export interface TraceEvent {
  kind: EventKind;
  time: number;
  task: number;
  mm: string;
  mode: Mode;
  site: string;
  label: string;
  value: number;
  aux: number;
}

/**
 * Who a task is: `comm` as the kernel shows it (at most 15 characters), `role` as the scenario says. `cpu`: the CPU that it is on when
 * the event happens, negative when it is on none; absent where nobody says.
 */
export interface TaskInfo {
  readonly comm: string;
  readonly role: string;
  readonly cpu?: number;
}

/** Hears every event, in (time, sequence) order. It cannot change the run. */
export interface Listener {
  event(e: TraceEvent, tasks: readonly TaskInfo[]): void;
}

/** Where the model says what happens. Costs one comparison when nobody listens, and allocates nothing when somebody does. */
export class Trace {
  /** All tasks so far; the index is the task number of the events. */
  readonly tasks: TaskInfo[] = [];
  private readonly listeners: readonly Listener[];
  private readonly heard: boolean;
  private readonly record: TraceEvent = {
    kind: "op_begin",
    time: 0,
    task: -1,
    mm: "",
    mode: "R",
    site: "",
    label: "",
    value: 0,
    aux: 0,
  };

  constructor(listeners: readonly Listener[]) {
    this.listeners = listeners;
    this.heard = listeners.length > 0;
  }

  /** Tells the listeners. The parameters are the fields of {@link TraceEvent}, in its order. */
  emit(
    kind: EventKind,
    time: number,
    task: number,
    mm: string,
    mode: Mode,
    site: string,
    label: string,
    value: number,
    aux: number,
  ): void {
    if (this.heard) this.tell(kind, time, task, mm, mode, site, label, value, aux);
  }

  // Apart from emit(), so that emit() is small enough to be inlined where nobody listens.
  private tell(
    kind: EventKind,
    time: number,
    task: number,
    mm: string,
    mode: Mode,
    site: string,
    label: string,
    value: number,
    aux: number,
  ): void {
    const e = this.record;
    e.kind = kind;
    e.time = time;
    e.task = task;
    e.mm = mm;
    e.mode = mode;
    e.site = site;
    e.label = label;
    e.value = value;
    e.aux = aux;
    for (const listener of this.listeners) listener.event(e, this.tasks);
  }
}
