import type { Steps } from "../../../engine/task.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import type { rw_semaphore, rwsem_policy, rwsem_waiter } from "../../include/linux/rwsem.ts";
import { beginSleeping, grantWaiter, queueWaiter, schedule, wakeWaiter } from "./rwsem-wait.ts";
import { trace_contention_end } from "../../../trace/events/mmap_lock.ts";

/**
 * The rwsem of v3.17: readers queue behind any waiter, writers take the lock whenever it is free (even past the queue), a
 * wake-up grants the run of readers at the head and only wakes a writer.
 *
 * Source: v3.17 kernel/locking/rwsem-xadd.c, arch/x86/include/asm/rwsem.h.
 * Left out: wait_lock.
 */
export const rwsem_xadd: rwsem_policy = {
  name: "xadd-v3.17",
  __down_read_trylock,
  __down_write_trylock,
  rwsem_down_read_failed,
  rwsem_down_write_failed,
  __up_read: rwsem_release,
  __up_write: rwsem_release,
  __downgrade_write: (sem) => __rwsem_do_wake(sem, "RWSEM_WAKE_READ_OWNED"),
};

type wake_type = "RWSEM_WAKE_ANY" | "RWSEM_WAKE_READERS" | "RWSEM_WAKE_READ_OWNED";

// C: `lock inc; jns`. The count is negative while a writer is active or anyone waits.
function __down_read_trylock(current: task_struct, sem: rw_semaphore): boolean {
  if (sem.owner !== null || sem.wait_list.length !== 0) return false;
  sem.grant(current, "R");
  return true;
}

// C: no active bits. Waiters do not matter: a writer barges past them.
function __down_write_trylock(current: task_struct, sem: rw_semaphore): boolean {
  if (sem.owner !== null || sem.readers !== 0) return false;
  sem.grant(current, "W");
  return true;
}

/** Source: v3.17 kernel/locking/rwsem-xadd.c; killable: v4.15. */
function* rwsem_down_read_failed(current: task_struct, sem: rw_semaphore, killable: boolean): Steps<boolean> {
  const wasEmpty = sem.wait_list.length === 0;
  const waiter = queueWaiter(current, sem, "RWSEM_WAITING_FOR_READ");

  // C: count == RWSEM_WAITING_BIAS (nobody active), or readers active and we are the first to queue.
  const free = sem.owner === null && sem.readers === 0;
  if (free || (sem.owner === null && wasEmpty)) __rwsem_do_wake(sem, "RWSEM_WAKE_ANY");

  beginSleeping(current, sem, "R");
  while (schedule(current, sem, waiter, killable)) yield;
  trace_contention_end(current, sem, "R");
  if (waiter.granted) return true;
  leaveQueue(sem, waiter);
  return false;
}

/** Source: v3.17 kernel/locking/rwsem-xadd.c; killable: v4.7. */
function* rwsem_down_write_failed(current: task_struct, sem: rw_semaphore, killable: boolean): Steps<boolean> {
  if (yield* rwsem_optimistic_spin(current, sem)) return true;

  const waiting = sem.wait_list.length !== 0;
  const waiter = queueWaiter(current, sem, "RWSEM_WAITING_FOR_WRITE");
  // Others were queued before us and no writer is active: readers among them may be let in.
  if (waiting && sem.owner === null && sem.readers !== 0) __rwsem_do_wake(sem, "RWSEM_WAKE_READERS");

  beginSleeping(current, sem, "W");
  // Our place in the queue is irrelevant: whoever runs when nobody is active takes the lock.
  let taken = __down_write_trylock(current, sem);
  while (!taken && !(killable && current.sigkill)) {
    current.parkOn(sem.forWrite, killable);
    yield;
    taken = __down_write_trylock(current, sem);
  }
  trace_contention_end(current, sem, "W");
  if (taken) sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
  else leaveQueue(sem, waiter);
  return taken;
}

/** A waiter that was killed leaves; those behind it may now be the head. */
function leaveQueue(sem: rw_semaphore, waiter: rwsem_waiter): void {
  const first = sem.wait_list[0] === waiter;
  sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
  if (first && sem.owner === null) __rwsem_do_wake(sem, sem.readers === 0 ? "RWSEM_WAKE_ANY" : "RWSEM_WAKE_READERS");
}

/**
 * Polls instead of queueing while a writer owns the lock and runs. True: the lock is taken.
 *
 * A spinner is not in the queue: readers do not see it. Once it spins it goes on when it finds no owner, even if readers
 * hold the lock; it gives up when the owner sleeps or when another writer became the owner.
 *
 * Source: v3.17 kernel/locking/rwsem-xadd.c.
 */
function* rwsem_optimistic_spin(current: task_struct, sem: rw_semaphore): Steps<boolean> {
  if (current.needResched || !rwsem_can_spin_on_owner(sem)) return false;

  sem.osq.push(current);
  while (sem.osq[0] !== current) {
    if (current.needResched) {
      sem.osq.splice(sem.osq.indexOf(current), 1);
      return false;
    }
    current.spin(sem.forWrite, null);
    yield;
  }
  let taken = false;
  for (;;) {
    const { owner } = sem;
    // rwsem_release() gives the lock to the spinner: it sees the free lock before anyone else can.
    if (owner === current || __down_write_trylock(current, sem)) {
      taken = true;
      break;
    }
    if (owner !== null) {
      if (!(yield* rwsem_spin_on_owner(current, sem, owner))) break;
      continue;
    }
    if (current.needResched) break;
    // Readers have it: keep polling.
    current.spin(sem.forWrite, null);
    yield;
  }
  sem.osq.shift();
  sem.osq[0]?.wake(0);
  return taken;
}

/** Without an owner, readers may have the lock: do not spin. Source: v3.17 kernel/locking/rwsem-xadd.c. */
function rwsem_can_spin_on_owner(sem: rw_semaphore): boolean {
  return sem.owner?.onCpu ?? false;
}

/** True when the owner let go; false when it went to sleep or the lock has a new owner. Source: v3.17 kernel/locking/rwsem-xadd.c. */
function* rwsem_spin_on_owner(current: task_struct, sem: rw_semaphore, owner: task_struct): Steps<boolean> {
  while (sem.owner === owner && owner.onCpu && !current.needResched) {
    owner.watchers.push(current);
    current.spin(sem.forWrite, null);
    yield;
    const at = owner.watchers.indexOf(current);
    if (at >= 0) owner.watchers.splice(at, 1);
  }
  return sem.owner === null || sem.owner === current;
}

/**
 * The end of up_read() and up_write(): a free lock goes to the spinner, then the head of the queue is woken.
 *
 * Spinner before waker is a choice: on hardware the two race, and the spinner, which polls the word that was just
 * written, is ahead of the releaser, which must first take wait_lock.
 */
function rwsem_release(sem: rw_semaphore): void {
  if (sem.readers !== 0) return;
  const spinner = sem.osq[0];
  if (spinner !== undefined) {
    sem.grant(spinner, "W");
    spinner.wake(0);
  }
  if (sem.wait_list.length !== 0) __rwsem_do_wake(sem, "RWSEM_WAKE_ANY");
}

/**
 * Wakes a writer at the head without giving it the lock; grants the lock to the readers at the head, up to the first
 * writer, then wakes them.
 *
 * Source: v3.17 kernel/locking/rwsem-xadd.c.
 */
function __rwsem_do_wake(sem: rw_semaphore, wake_type: wake_type): void {
  const { wait_list } = sem;
  const head = wait_list[0];
  if (head === undefined) return;
  if (head.type === "RWSEM_WAITING_FOR_WRITE") {
    if (wake_type === "RWSEM_WAKE_ANY") wakeWaiter(sem, head);
    return;
  }
  // C: a writer stole the lock before we could grant it.
  if (sem.owner !== null) return;

  let run = 0;
  while (run < wait_list.length && wait_list[run]?.type === "RWSEM_WAITING_FOR_READ") run++;
  const readers = wait_list.splice(0, run);
  for (let nth = 0; nth < run; nth++) grantWaiter(sem, readers[nth] as rwsem_waiter, nth);
}
