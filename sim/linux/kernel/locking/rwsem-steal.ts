import type { Steps } from "../../../engine/task.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import type { rw_semaphore, rwsem_policy, rwsem_waiter } from "../../include/linux/rwsem.ts";
import { beginSleeping, grantWaiter, queueWaiter, wakeWaiter } from "./rwsem-wait.ts";
import { trace_contention_end } from "../../../trace/events/mmap_lock.ts";

/**
 * No kernel's rwsem: the order of arrival, but a writer may barge: take a free lock whose next owner is still waking up, at most
 * `limit` times a waiter at the head of the queue; then the lock is handed to that one. Readers never pass a waiter, as in v3.17.
 * With 0 it is the strict FIFO. The contrast that shows which results rest on how many steals.
 *
 * Source: none; see docs/ARCHITECTURE.md.
 *
 * @param limit steals a queued waiter puts up with, at least 0.
 */
export function rwsem_steal(limit: number): rwsem_policy {
  return {
    name: `steal:${limit}`,

    __down_read_trylock(current, sem) {
      if (sem.owner !== null || sem.wait_list.length !== 0) return false;
      sem.grant(current, "R");
      return true;
    },

    __down_write_trylock(current, sem) {
      if (sem.owner !== null || sem.readers !== 0) return false;
      if (sem.wait_list.length !== 0) {
        if (sem.stolen >= limit) return false;
        sem.stolen++;
      }
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
      if (sem.readers === 0) released(sem);
    },

    __up_write: released,

    __downgrade_write: (sem) => admitReaders(sem, 0),
  };

  function* queue(
    current: task_struct,
    sem: rw_semaphore,
    type: rwsem_waiter["type"],
    killable: boolean,
  ): Steps<boolean> {
    const waiter = queueWaiter(current, sem, type);
    const mode = type === "RWSEM_WAITING_FOR_READ" ? "R" : "W";
    beginSleeping(current, sem, mode);
    while (!waiter.granted && !(killable && current.sigkill)) {
      // Woken and not robbed on the way: the head lets itself in, and the readers behind it.
      if (sem.wait_list[0] === waiter && sem.owner === null && sem.readers === 0) admitHead(sem, current);
      if (waiter.granted) break;
      current.parkOn(mode === "R" ? sem.forRead : sem.forWrite, killable);
      yield;
    }
    trace_contention_end(current, sem, mode);
    if (waiter.granted) return true;
    const first = sem.wait_list[0] === waiter;
    sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
    if (first) sem.stolen = 0;
    if (first && sem.owner === null) {
      // It may have been woken to a free lock, and nobody else will wake the one behind it.
      if (sem.readers === 0) released(sem);
      else admitReaders(sem, 0);
    }
    return false;
  }

  function released(sem: rw_semaphore): void {
    const head = sem.wait_list[0];
    if (head === undefined) return;
    if (sem.stolen < limit) wakeWaiter(sem, head);
    else admitHead(sem, null);
  }
}

/** Lets the head of the queue in, and with a reader those readers that stand right behind it. `current` is running already. */
function admitHead(sem: rw_semaphore, current: task_struct | null): void {
  const head = sem.wait_list.shift() as rwsem_waiter;
  sem.stolen = 0;
  const isRunning = head.task === current;
  if (isRunning) {
    head.granted = true;
    sem.grant(head.task, head.type === "RWSEM_WAITING_FOR_READ" ? "R" : "W");
  } else {
    grantWaiter(sem, head, 0);
  }
  if (head.type === "RWSEM_WAITING_FOR_READ") admitReaders(sem, isRunning ? 0 : 1);
}

/** Lets in the readers at the head; the first of them is the `nth` (from 0) that is woken. */
function admitReaders(sem: rw_semaphore, nth: number): void {
  for (; sem.wait_list[0]?.type === "RWSEM_WAITING_FOR_READ"; nth++) {
    grantWaiter(sem, sem.wait_list.shift() as rwsem_waiter, nth);
    sem.stolen = 0;
  }
}
