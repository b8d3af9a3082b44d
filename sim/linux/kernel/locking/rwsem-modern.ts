import type { Steps } from "../../../engine/task.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { jiffies, time_after } from "../time.ts";
import type { rw_semaphore, rwsem_policy, rwsem_waiter } from "../../include/linux/rwsem.ts";
import {
  grantReader,
  grantWriter,
  kickSpinner,
  rwsem_can_spin_on_owner,
  rwsem_optimistic_spin,
  rwsem_spin_on_owner,
  rwsem_try_write_lock_unqueued,
} from "./rwsem-spin.ts";
import { beginSleeping, queueWaiter, schedule, wakeReaders, wakeWaiter } from "./rwsem-wait.ts";
import { trace_contention_end } from "../../../trace/events/mmap_lock.ts";

/** Readers let in by one wake-up. Source: v6.18 kernel/locking/rwsem.c. */
const MAX_READERS_WAKEUP = 0x100;
/** A waiter older than this, ns, may ask for the lock to be handed over. Source: v6.18 kernel/locking/rwsem.c. */
const RWSEM_WAIT_TIMEOUT_NS = 4_000_000;

/**
 * The rwsem of v5.11 and later. Readers steal a lock that is free or changes hands; a waiter keeps writers from the fast path;
 * writers spin on a running writer, and on readers for a while; a wake-up lets in every queued reader; a waiter that is too old
 * has the lock handed over.
 *
 * Source: v6.18 kernel/locking/rwsem.c.
 * Left out: wait_lock, real-time tasks, the reader that counts itself for a moment before it fails. v5.4's own form spins with
 * readers where this one lets them steal.
 */
export const rwsem_modern: rwsem_policy = {
  name: "modern",
  __down_read_trylock,
  __down_write_trylock,
  rwsem_down_read_failed: rwsem_down_read_slowpath,
  rwsem_down_write_failed: rwsem_down_write_slowpath,
  __up_read,
  __up_write,
  __downgrade_write,
};

type wake_type = "RWSEM_WAKE_ANY" | "RWSEM_WAKE_READERS" | "RWSEM_WAKE_READ_OWNED";

// C: none of the writer, waiters and hand-off bits.
function __down_read_trylock(current: task_struct, sem: rw_semaphore): boolean {
  if (sem.owner !== null || sem.handoff || sem.wait_list.length !== 0) return false;
  grantReader(current, sem);
  return true;
}

// C: the whole word is zero. Unlike v3.17, a waiter is enough to fail.
function __down_write_trylock(current: task_struct, sem: rw_semaphore): boolean {
  if (sem.wait_list.length !== 0) return false;
  return rwsem_try_write_lock_unqueued(current, sem);
}

/** Source: v6.18 kernel/locking/rwsem.c. */
function* rwsem_down_read_slowpath(current: task_struct, sem: rw_semaphore, killable: boolean): Steps<boolean> {
  // Do not starve a sleeping writer: behind other readers there is no stealing.
  const behindReaders = sem.readerOwned && sem.readers > 0 && sem.owner === null;
  if (!behindReaders && sem.owner === null && !sem.handoff) {
    const isOnlyReader = sem.readers === 0;
    grantReader(current, sem);
    if (isOnlyReader) rwsem_mark_wake(sem, "RWSEM_WAKE_READ_OWNED");
    return true;
  }
  if (sem.wait_list.length === 0 && sem.owner === null) {
    grantReader(current, sem);
    return true;
  }
  const waiter = queueWaiter(current, sem, "RWSEM_WAITING_FOR_READ", waitTimeout(sem));
  rwsem_cond_wake_waiter(sem);
  beginSleeping(current, sem, "R");
  while (schedule(current, sem, waiter, killable)) yield;
  trace_contention_end(current, sem, "R");
  if (waiter.granted) return true;
  rwsem_del_wake_waiter(sem, waiter);
  return false;
}

/** Source: v6.18 kernel/locking/rwsem.c. */
function* rwsem_down_write_slowpath(current: task_struct, sem: rw_semaphore, killable: boolean): Steps<boolean> {
  if (rwsem_can_spin_on_owner(current, sem) && (yield* rwsem_optimistic_spin(current, sem))) return true;

  const waiter = queueWaiter(current, sem, "RWSEM_WAITING_FOR_WRITE", waitTimeout(sem));
  if (sem.wait_list[0] !== waiter) rwsem_cond_wake_waiter(sem);
  beginSleeping(current, sem, "W");
  while (!rwsem_try_write_lock(sem, waiter)) {
    if (killable && current.sigkill) {
      rwsem_del_wake_waiter(sem, waiter);
      trace_contention_end(current, sem, "W");
      return false;
    }
    // The lock will be handed to us: stay on the CPU while its owner runs.
    if (waiter.handoff_set && (yield* rwsem_spin_on_owner(current, sem)) === "OWNER_NULL") continue;
    current.parkOn(sem.forWrite, killable);
    yield;
  }
  trace_contention_end(current, sem, "W");
  return true;
}

/**
 * Takes a free lock for a waiter, wherever in the queue it stands. A waiter that finds it taken and is too old sets the hand-off
 * bit, for the head of the queue.
 *
 * Source: v6.18 kernel/locking/rwsem.c.
 */
function rwsem_try_write_lock(sem: rw_semaphore, waiter: rwsem_waiter): boolean {
  const first = sem.wait_list[0] as rwsem_waiter;
  if (sem.handoff && first.handoff_set && waiter !== first) return false;
  if (sem.owner !== null || sem.readers !== 0) {
    if (!sem.handoff && time_after(jiffies(sem.kernel), waiter.timeout)) {
      sem.handoff = true;
      first.handoff_set = true;
    }
    return false;
  }
  sem.handoff = false;
  sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
  grantWriter(waiter.task, sem);
  return true;
}

/** Source: v6.18 kernel/locking/rwsem.c. */
function __up_read(sem: rw_semaphore): void {
  if (sem.readers !== 0) return;
  if (sem.wait_list.length !== 0) sem.nonspinnable = false;
  release(sem);
}

/** Source: v6.18 kernel/locking/rwsem.c. */
function __up_write(sem: rw_semaphore): void {
  release(sem);
}

/** The lock is free: the spinner polls the word that was just written, and is ahead of the waker. */
function release(sem: rw_semaphore): void {
  const spinner = sem.osq[0];
  if (spinner !== undefined) {
    rwsem_try_write_lock_unqueued(spinner, sem);
    spinner.wake(0);
  }
  rwsem_mark_wake(sem, "RWSEM_WAKE_ANY");
}

/** Source: v6.18 kernel/locking/rwsem.c. */
function __downgrade_write(sem: rw_semaphore): void {
  sem.readerOwned = true;
  rwsem_mark_wake(sem, "RWSEM_WAKE_READ_OWNED");
  kickSpinner(sem);
}

/** Source: v6.18 kernel/locking/rwsem.c. */
function rwsem_cond_wake_waiter(sem: rw_semaphore): void {
  if (sem.owner !== null) return;
  if (sem.readers !== 0) {
    rwsem_mark_wake(sem, "RWSEM_WAKE_READERS");
    return;
  }
  sem.nonspinnable = false;
  rwsem_mark_wake(sem, "RWSEM_WAKE_ANY");
}

/**
 * Wakes a writer at the head, without giving it the lock. With a reader at the head, gives the lock to the readers of the whole
 * queue, past the writers between them. Does nothing to an empty queue.
 *
 * Source: v6.18 kernel/locking/rwsem.c.
 */
function rwsem_mark_wake(sem: rw_semaphore, wake_type: wake_type): void {
  const { kernel } = sem;
  const head = sem.wait_list[0];
  if (head === undefined) return;
  if (head.type === "RWSEM_WAITING_FOR_WRITE") {
    if (wake_type === "RWSEM_WAKE_ANY") wakeWaiter(sem, head);
    return;
  }
  if (sem.owner !== null) {
    if (time_after(jiffies(kernel), head.timeout)) {
      sem.handoff = true;
      head.handoff_set = true;
    }
    return;
  }
  sem.readerOwned = true;
  const woken: rwsem_waiter[] = [];
  for (const waiter of sem.wait_list) {
    if (waiter.type === "RWSEM_WAITING_FOR_READ" && woken.length < MAX_READERS_WAKEUP) woken.push(waiter);
  }
  wakeReaders(sem, woken);
  sem.handoff = false;
  kickSpinner(sem);
}

/** A waiter leaves the queue because it was killed. Source: v6.18 kernel/locking/rwsem.c. */
function rwsem_del_wake_waiter(sem: rw_semaphore, waiter: rwsem_waiter): void {
  const first = sem.wait_list[0] === waiter;
  sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
  if (sem.wait_list.length === 0) {
    sem.handoff = false;
    kickSpinner(sem);
  } else if (first) {
    rwsem_mark_wake(sem, "RWSEM_WAKE_ANY");
  }
}

function waitTimeout(sem: rw_semaphore): number {
  const { kernel } = sem;
  return jiffies(kernel) + Math.ceil(RWSEM_WAIT_TIMEOUT_NS / kernel.costs.host_tick);
}
