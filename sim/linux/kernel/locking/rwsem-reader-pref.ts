import type { Steps } from "../../../engine/task.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import type { rw_semaphore, rwsem_policy, rwsem_waiter } from "../../include/linux/rwsem.ts";
import { trace_contention_end } from "../../../trace/events/mmap_lock.ts";
import { beginSleeping, grantWaiter, queueWaiter, schedule, wakeReaders } from "./rwsem-wait.ts";

/**
 * No kernel's rwsem: a reader waits for a writer that owns the lock and for nobody else; writers, in the order of arrival, get
 * the lock when no reader has it or wants it. A recursive read cannot deadlock here, and writers may starve.
 *
 * Source: none; the textbook lock with reader preference, see docs/ARCHITECTURE.md.
 */
export const rwsem_reader_pref: rwsem_policy = {
  name: "reader-pref",

  __down_read_trylock(current, sem) {
    if (sem.owner !== null) return false;
    sem.grant(current, "R");
    return true;
  },

  __down_write_trylock(current, sem) {
    if (sem.owner !== null || sem.readers !== 0 || sem.wait_list.length !== 0) return false;
    sem.grant(current, "W");
    return true;
  },

  rwsem_down_read_failed(current, sem, killable) {
    return queue(current, sem, "RWSEM_WAITING_FOR_READ", killable);
  },

  rwsem_down_write_failed(current, sem, killable) {
    return queue(current, sem, "RWSEM_WAITING_FOR_WRITE", killable);
  },

  __up_read(sem) {
    if (sem.readers === 0) admit(sem);
  },

  __up_write: admit,

  __downgrade_write: admitReaders,
};

function* queue(
  current: task_struct,
  sem: rw_semaphore,
  type: rwsem_waiter["type"],
  killable: boolean,
): Steps<boolean> {
  const mode = type === "RWSEM_WAITING_FOR_READ" ? "R" : "W";
  const waiter = queueWaiter(current, sem, type);
  beginSleeping(current, sem, mode);
  while (schedule(current, sem, waiter, killable)) yield;
  trace_contention_end(current, sem, mode);
  if (waiter.granted) return true;
  sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
  return false;
}

function admit(sem: rw_semaphore): void {
  if (admitReaders(sem)) return;
  const writer = sem.wait_list.shift();
  if (writer !== undefined) grantWaiter(sem, writer, 0);
}

function admitReaders(sem: rw_semaphore): boolean {
  const readers = sem.wait_list.filter((waiter) => waiter.type === "RWSEM_WAITING_FOR_READ");
  wakeReaders(sem, readers);
  return readers.length > 0;
}
