import type { Mode, SleepReason } from "../trace/kinds.ts";

/**
 * What lasts from one event to another. The objects are used again for the next span of their kind at the same place: whoever wants to
 * keep something copies it. Times are ns since the start of the run; -1 is a begin that the trace does not show.
 */

/** The mmap_sem of one mm. */
export interface Lock {
  /** From 0 on, in the order in which the trace names them. */
  readonly nr: number;
  readonly mm: string;
}

/** A task, and all it has open. */
export interface TaskSpans {
  /** Its index in the tasks of the trace. */
  readonly nr: number;
  readonly comm: string;
  readonly role: string;
  /** The locks it ever asked for: one or two. */
  readonly locks: readonly AtLock[];
  readonly sleep: Sleep;
  /** In the order of their begins. A vcpu has one for each guest process it runs. */
  readonly operations: readonly Operation[];
  readonly vmaHold: VmaSpan;
  readonly vmaWait: VmaSpan;
}

/** One task at one lock. */
export interface AtLock {
  /** From 0 on, over all tasks and locks: what a listener keeps about the pair stands in an array at this index. */
  readonly nr: number;
  readonly task: TaskSpans;
  readonly lock: Lock;
  readonly wait: Wait;
  /** How many of {@link holds} are open: more than one for a recursive reader. */
  readonly depth: number;
  /** The oldest first; a release ends the youngest. */
  readonly holds: readonly Hold[];
}

/**
 * A wait for a lock: from the first `start_locking` to the lock. A failed trylock, and a wait that a signal ended, belong to the wait
 * that follows, unless the operation ends before: then it was given up and is none.
 */
export interface Wait {
  readonly at: AtLock;
  /** The first attempt; -1 while the task does not ask, or asked before the trace. */
  readonly from: number;
  /** As which it asked last, and on whose behalf. */
  readonly mode: Mode;
  readonly site: string;
  /** The last attempt failed and no other has begun. */
  readonly failed: boolean;
  /** It stands in the queue, or stood there, and does not just try. */
  readonly queued: boolean;
}

/** A lock that a task has, once. An exclusive hold that becomes a shared one ends, and another begins. */
export interface Hold {
  readonly at: AtLock;
  readonly mode: Mode;
  readonly site: string;
  /** It owns the lock from here on: `granted` for a queued reader, else as {@link from}. */
  readonly owned: number;
  /** `acquire_returned`: it owns the lock and runs. -1 while it was only granted. */
  readonly from: number;
  /** A waker gave it the lock. */
  readonly granted: boolean;
  /** It was an exclusive hold before. */
  readonly downgraded: boolean;
  /** It slept in it: {@link slept} says how long. */
  readonly sleeps: boolean;
  /** ns asleep by the index of `sleepReasons`; meaningless while it has not slept. */
  readonly slept: readonly number[];
}

/** A task that is not on a CPU, for a reason that it chose. */
export interface Sleep {
  readonly task: TaskSpans;
  /** -1 while it does not sleep. */
  readonly from: number;
  readonly reason: SleepReason;
  readonly site: string;
}

/** An operation of a role. */
export interface Operation {
  readonly task: TaskSpans;
  readonly op: string;
  readonly number: number;
  /** When it was due. */
  readonly intended: number;
  readonly from: number;
}

/** The lock of a mapping held by a fault, or a writer's wait for those who hold it. */
export interface VmaSpan {
  readonly task: TaskSpans;
  readonly mm: string;
  readonly vma: string;
  readonly site: string;
  /** -1 while it is not open. */
  readonly from: number;
}

/**
 * What is done when a span begins, changes or ends, at `now`. Of one event, in this order: a downgraded hold ends, the lock is owned, the
 * hold begins, the wait ends.
 */
export interface SpanHears {
  /** The first attempt. */
  readonly waitBegan?: (wait: Wait, now: number) => void;
  /** Another attempt of the same wait. */
  readonly askedAgain?: (wait: Wait, now: number) => void;
  /** A trylock, or a wait that a signal ended. Its begin may be missing. */
  readonly attemptFailed?: (wait: Wait, mode: Mode, site: string, now: number) => void;
  /** The sleeping part begins. Its begin may be missing. */
  readonly waitQueued?: (wait: Wait, now: number) => void;
  /** The operation ended after a failed attempt: it was no wait. */
  readonly waitGivenUp?: (wait: Wait, now: number) => void;
  /** With the lock as `hold`. Not told when the begin is missing. */
  readonly waitEnded?: (wait: Wait, hold: Hold, now: number) => void;
  /** The lock is owned by a task that may not run yet. */
  readonly lockOwned?: (hold: Hold, now: number) => void;
  readonly holdBegan?: (hold: Hold, now: number) => void;
  readonly holdEnded?: (hold: Hold, now: number) => void;
  /** A hold ended that began before the trace. */
  readonly unseenHoldEnded?: (at: AtLock, mode: Mode, site: string, now: number) => void;
  readonly sleepEnded?: (sleep: Sleep, now: number) => void;
  readonly operationBegan?: (operation: Operation, now: number) => void;
  /** @param done false when it failed. */
  readonly operationEnded?: (operation: Operation, done: boolean, now: number) => void;
  readonly vmaHoldEnded?: (hold: VmaSpan, now: number) => void;
  readonly vmaWaitEnded?: (wait: VmaSpan, now: number) => void;
  readonly stillOpen?: StillOpenHears;
}

/**
 * What is done for each span that is open when the run or the trace is over. How long such a span is nobody knows: at least its age, the
 * time from its begin to `now`. Whoever measures spans measures these too, as right-censored.
 */
export interface StillOpenHears {
  /** It owns the lock and runs. What it sleeps at the end is in {@link Hold.slept}, as far as it got. */
  readonly hold?: (hold: Hold, now: number) => void;
  /** It asks, or stands in the queue, or was granted the lock and does not run yet; not one whose last attempt failed. */
  readonly wait?: (wait: Wait, now: number) => void;
  readonly operation?: (operation: Operation, now: number) => void;
  readonly vmaHold?: (hold: VmaSpan, now: number) => void;
  readonly vmaWait?: (wait: VmaSpan, now: number) => void;
}
