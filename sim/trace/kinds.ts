/**
 * The event vocabulary, declared once: every kind of event with its fields. The types of events, what `run --events` prints, the slots of
 * a saved window and docs/VOCABULARY.md come from here.
 *
 * The lock events are the kernel's own `mmap_lock` and `lock` tracepoints, under their own names; a real kernel's trace can be turned
 * into them. The others show what no tracepoint shows.
 */

/** How a lock is taken: shared (`R`) or exclusive (`W`), the suffixes of lock_stat's rows. */
export type Mode = "R" | "W";

/**
 * The IO classes of `mmap_sem.hold_io`, time under the lock: `fuse` and `userfault` are servers in userspace, `writeback` the
 * wait of a writer for a page on its way out, `throttle` a full request queue, `reclaim` a page allocation that frees first.
 */
export const ioClasses = ["swap", "file", "fuse", "userfault", "writeback", "throttle", "reclaim"] as const;
export type IoClass = (typeof ioClasses)[number];

/** What a sleeping task waits for; the IO classes come first. */
export const sleepReasons = [...ioClasses, "migration", "apf-halt", "guest-idle", "idle-worker", "service"] as const;
export type SleepReason = (typeof sleepReasons)[number];

/** Where a field stands in a saved event: see `SavedEvent`. */
export type Slot = "mm" | "mode" | "label" | "value" | "aux";

/** One field of a kind. A flag is saved as 1 and 0. */
export interface Field {
  readonly slot: Slot;
  readonly is: "mm" | "mode" | "text" | "reason" | "number" | "flag";
  readonly says: string;
  /** Its name in printed events, where it is not that of the field. */
  readonly printed?: string;
}

/** One kind of event. */
export interface KindOfEvent {
  readonly says: string;
  readonly fields: Readonly<Record<string, Field>>;
}

const mm = { slot: "mm", is: "mm", says: "the address space" } as const;
const mode = { slot: "mode", is: "mode", says: "shared or exclusive" } as const;
const text = <S extends string>(says: S) => ({ slot: "label", is: "text", says }) as const;
const value = <S extends string>(says: S) => ({ slot: "value", is: "number", says }) as const;
const aux = <S extends string>(says: S) => ({ slot: "aux", is: "number", says }) as const;
const reason = { slot: "label", is: "reason", says: "what it sleeps for" } as const;
const func = text("the function that takes the lock");
const vma = text("the mapping");
const device = text("the device");
const page = value("the page");

/** All kinds, in the order in which they are documented; the fields of each in the order in which they are printed. */
export const eventKinds = {
  mmap_lock_start_locking: { says: "a task asks for the lock", fields: { mm, mode, func } },
  mmap_lock_acquire_returned: {
    says: "it has the lock, or a trylock failed",
    fields: {
      mm,
      mode,
      func,
      success: { slot: "value", is: "flag", says: "false for a failed trylock" },
      downgrade: { slot: "aux", is: "flag", says: "an exclusive hold became a shared one" },
    },
  },
  mmap_lock_released: { says: "it lets the lock go", fields: { mm, mode, func } },
  granted: { says: "a queued reader owns the lock, it need not run yet", fields: { mm, mode } },
  contention_begin: { says: "the sleeping part of a slow path begins", fields: { mm, mode } },
  contention_end: { says: "it ends", fields: { mm, mode } },
  vma_start_read: {
    says: "a fault tries the lock of its mapping",
    fields: {
      mm,
      vma: text("the mapping, or why not"),
      success: { slot: "value", is: "flag", says: "false when it falls back to mmap_lock" },
    },
  },
  vma_end_read: { says: "it lets go of it", fields: { mm, vma } },
  vma_wait_begin: { says: "a writer waits for the readers of a mapping", fields: { mm, vma } },
  vma_wait_end: { says: "they have gone", fields: { mm, vma } },
  op_begin: {
    says: "an operation of a role begins",
    fields: { op: text("what it is"), number: value("its number"), intended_ns: aux("its intended start, ns") },
  },
  op_end: {
    says: "it ends",
    fields: {
      op: text("what it is"),
      number: value("its number"),
      done: { slot: "aux", is: "flag", says: "false when it failed" },
    },
  },
  op_missed: {
    says: "slots of a schedule were skipped because the last operation was still running",
    fields: { op: text("what it is"), missed: value("how many") },
  },
  gup_begin: {
    says: "a call of get_user_pages begins",
    fields: {
      mm,
      func: text("the member of the family"),
      pages: value("pages asked for"),
      first_page: aux("the first page"),
    },
  },
  gup_end: {
    says: "it returns",
    fields: { mm, func: text("the member of the family"), result: value("pages or -errno") },
  },
  fault_begin: { says: "handle_mm_fault begins", fields: { mm, vma, page, flags: aux("fault flags") } },
  fault_end: {
    says: "it returns",
    fields: { mm, fault: { ...text("what kind of fault it was"), printed: "kind" }, page, result: aux("result bits") },
  },
  io_submit: { says: "a read is submitted", fields: { device, page, pages: aux("pages in one IO") } },
  io_complete: { says: "it is complete", fields: { device, page, pages: aux("pages in one IO") } },
  sleep: { says: "the task leaves its CPU", fields: { reason } },
  wake: { says: "it runs again", fields: { reason } },
  sched_out: { says: "the task loses its CPU to another and could go on", fields: {} },
  sched_in: { says: "it has a CPU, after waiting for one", fields: { delay_ns: value("ns in the run queue") } },
  gup_retry: {
    says: "a page is asked for again after VM_FAULT_RETRY",
    fields: { mm, n: value("number of the retry") },
  },
  section_lost: { says: "the caller's critical section was interrupted by a drop", fields: { mm } },
  kvm_async_pf_not_present: {
    says: "the guest is told that a page is not there, or the vcpu is halted",
    fields: { how: text("`guest` or `halt`"), gfn: value("guest frame"), token: aux("token") },
  },
  kvm_async_pf_ready: {
    says: "the guest is told that it is there",
    fields: { gfn: value("guest frame"), token: aux("token") },
  },
  work_begin: {
    says: "a worker or a thread of a server takes up a piece of work",
    fields: {
      work: text("function, or device"),
      of: value("token, or page"),
      for: aux("the task it is for, -1 for anybody"),
    },
  },
  work_end: {
    says: "it is done with it",
    fields: {
      work: text("function, or device"),
      of: value("token, or page"),
      for: aux("the task it is for, -1 for anybody"),
    },
  },
  server_end: {
    says: "a server in userspace stops to answer",
    fields: { server: text("device, and `hangs` or `exits`") },
  },
  bug: {
    says: "a kernel assertion ended the task",
    fields: { assertion: text("the assertion"), locks_held: value("locks it still holds") },
  },
} as const satisfies Record<string, KindOfEvent>;

/** The name of a kind of event. */
export type EventKind = keyof typeof eventKinds;
/** All of them, in the order of {@link eventKinds}. */
export const kindNames = Object.keys(eventKinds) as readonly EventKind[];
