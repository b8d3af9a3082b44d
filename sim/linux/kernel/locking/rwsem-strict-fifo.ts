import type { Steps } from "../../../engine/task.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import type { rw_semaphore, rwsem_policy, rwsem_waiter } from "../../include/linux/rwsem.ts";
import { trace_contention_end } from "../../../trace/events/mmap_lock.ts";
import { beginSleeping, grantWaiter, queueWaiter, schedule } from "./rwsem-wait.ts";

/**
 * No kernel's rwsem: everyone in the order of arrival, nobody spins, barges or steals, and a writer too owns the lock from
 * the moment it is let go. The contrast that shows what the real policies' unfairness does.
 *
 * Source: none; the textbook fair lock, see docs/ARCHITECTURE.md.
 */
export const rwsem_strict_fifo: rwsem_policy = {
  name: "strict-fifo",

  __down_read_trylock(current, sem) {
    if (sem.owner !== null || sem.wait_list.length !== 0) return false;
    sem.grant(current, "R");
    return true;
  },

  __down_write_trylock(current, sem) {
    if (sem.owner !== null || sem.readers !== 0 || sem.wait_list.length !== 0) return false;
    sem.grant(current, "W");
    return true;
  },

  rwsem_down_read_failed(current, sem, killable) {
    return queue(current, sem, queueWaiter(current, sem, "RWSEM_WAITING_FOR_READ"), killable);
  },

  rwsem_down_write_failed(current, sem, killable) {
    return queue(current, sem, queueWaiter(current, sem, "RWSEM_WAITING_FOR_WRITE"), killable);
  },

  __up_read(sem) {
    if (sem.readers === 0) admitHead(sem);
  },

  __up_write: admitHead,

  __downgrade_write: admitReaders,
};

function* queue(current: task_struct, sem: rw_semaphore, waiter: rwsem_waiter, killable: boolean): Steps<boolean> {
  const mode = waiter.type === "RWSEM_WAITING_FOR_READ" ? "R" : "W";
  beginSleeping(current, sem, mode);
  while (schedule(current, sem, waiter, killable)) yield;
  trace_contention_end(current, sem, mode);
  if (waiter.granted) return true;
  const first = sem.wait_list[0] === waiter;
  sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
  if (first && sem.owner === null) admitReaders(sem);
  return false;
}

function admitHead(sem: rw_semaphore): void {
  const head = sem.wait_list[0];
  if (head?.type === "RWSEM_WAITING_FOR_WRITE") grantWaiter(sem, sem.wait_list.shift() as rwsem_waiter, 0);
  else admitReaders(sem);
}

function admitReaders(sem: rw_semaphore): void {
  for (let nth = 0; sem.wait_list[0]?.type === "RWSEM_WAITING_FOR_READ"; nth++) {
    grantWaiter(sem, sem.wait_list.shift() as rwsem_waiter, nth);
  }
}
