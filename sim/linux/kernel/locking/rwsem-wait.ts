/**
 * What the forms of the rwsem share: standing in the queue, and being let in from it.
 *
 * Source: v3.17 kernel/locking/rwsem-xadd.c, v6.18 kernel/locking/rwsem.c.
 */
import type { Mode } from "../../../trace/kinds.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import type { rw_semaphore, rwsem_waiter } from "../../include/linux/rwsem.ts";
import { trace_contention_begin, trace_granted } from "../../../trace/events/mmap_lock.ts";

/** Appends `task` to the queue. `timeout` is in ticks, for those policies that look at the age of a waiter. */
export function queueWaiter(
  task: task_struct,
  sem: rw_semaphore,
  type: rwsem_waiter["type"],
  timeout = 0,
): rwsem_waiter {
  const waiter: rwsem_waiter = { task, type, timeout, handoff_set: false, granted: false };
  sem.wait_list.push(waiter);
  return waiter;
}

/** Makes a queued waiter, which its caller has taken from the queue, an owner; it is the `nth` (from 0) of one wake-up. Until it runs, the lock is held by a task that does nothing. */
export function grantWaiter(sem: rw_semaphore, waiter: rwsem_waiter, nth: number): void {
  const { kernel } = sem;
  const mode = waiter.type === "RWSEM_WAITING_FOR_READ" ? "R" : "W";
  waiter.granted = true;
  sem.grant(waiter.task, mode);
  trace_granted(waiter.task, sem, mode);
  sem.wakeUps++;
  if (mode === "R") kernel.cpus.wakeReader(waiter.task, nth * kernel.costs.wake_up_next);
  else kernel.cpus.wake(waiter.task, 0);
}

/** Wakes a waiter without giving it the lock. Another wake-up while it is on its way costs nothing. */
export function wakeWaiter(sem: rw_semaphore, waiter: rwsem_waiter): void {
  if (waiter.task.waitsFor !== null) sem.wakeUps++;
  sem.kernel.cpus.wake(waiter.task, 0);
}

/** Takes `readers` out of the queue and makes them owners, all in one wake-up. */
export function wakeReaders(sem: rw_semaphore, readers: readonly rwsem_waiter[]): void {
  for (const [nth, waiter] of readers.entries()) {
    sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
    grantWaiter(sem, waiter, nth);
  }
}

/**
 * Parks a waiter until it is woken; the caller must `yield` next, and ask again. False: it has been granted the lock, or, when
 * `killable`, SIGKILL ended its wait and it is still queued.
 *
 * Source: v3.17 kernel/locking/rwsem-xadd.c (the loop around schedule()).
 */
export function schedule(current: task_struct, sem: rw_semaphore, waiter: rwsem_waiter, killable: boolean): boolean {
  if (waiter.granted || (killable && current.sigkill)) return false;
  current.parkOn(waiter.type === "RWSEM_WAITING_FOR_READ" ? sem.forRead : sem.forWrite, killable);
  return true;
}

/** The sleeping part of a slow path begins. Who goes to sleep does not pay for the wake-ups that it sent. */
export function beginSleeping(current: task_struct, sem: rw_semaphore, mode: Mode): void {
  sem.wakeUps = 0;
  trace_contention_begin(current, sem, mode);
}
