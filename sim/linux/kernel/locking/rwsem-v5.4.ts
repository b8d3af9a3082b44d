import type { Steps } from "../../../engine/task.ts";
import { trace_contention_end } from "../../../trace/events/mmap_lock.ts";
import type { rw_semaphore, rwsem_policy, rwsem_waiter } from "../../include/linux/rwsem.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { jiffies, time_after } from "../time.ts";
import { kickSpinner } from "./rwsem-spin.ts";
import {
  type Nonspinnable,
  nonspinnableFor,
  rwsem_can_spin_on_owner,
  rwsem_clear_owner,
  rwsem_optimistic_spin,
  rwsem_set_owner,
  rwsem_set_reader_owned,
  rwsem_spin_on_owner,
  rwsem_try_read_lock_unqueued,
  rwsem_try_write_lock_unqueued,
  wordOf,
} from "./rwsem-v5.4-spin.ts";
import { beginSleeping, queueWaiter, schedule, wakeReaders, wakeWaiter } from "./rwsem-wait.ts";

/** Readers let in by one wake-up. Source: v5.4 kernel/locking/rwsem.c. */
const MAX_READERS_WAKEUP = 0x100;
/** A waiter older than this, ns, may ask for the lock to be handed over. Source: v5.4 kernel/locking/rwsem.c. */
const RWSEM_WAIT_TIMEOUT_NS = 4_000_000;

/**
 * The rwsem of v5.3 to v5.10. Readers spin as writers do, until a writer has spun in vain: then they queue, even at a free lock,
 * until a writer gets the lock that has not seen that. Only the first waiter may ask for the hand-off, a writer after a sleep.
 *
 * Source: v5.4 kernel/locking/rwsem.c.
 * Left out: wait_lock, real-time tasks, the reader that counts itself for a moment before it fails.
 */
export const rwsem_v5_4: rwsem_policy = {
  name: "v5.4",
  __down_read_trylock,
  __down_write_trylock,
  rwsem_down_read_failed: rwsem_down_read_slowpath,
  rwsem_down_write_failed: rwsem_down_write_slowpath,
  __up_read,
  __up_write,
  __downgrade_write,
};

type rwsem_wake_type = "RWSEM_WAKE_ANY" | "RWSEM_WAKE_READERS" | "RWSEM_WAKE_READ_OWNED";
type writer_wait_state = "WRITER_NOT_FIRST" | "WRITER_FIRST" | "WRITER_HANDOFF";

// C: none of the writer, waiters and hand-off bits.
function __down_read_trylock(current: task_struct, sem: rw_semaphore): boolean {
  return sem.wait_list.length === 0 && rwsem_try_read_lock_unqueued(current, sem);
}

// C: the whole word is zero.
function __down_write_trylock(current: task_struct, sem: rw_semaphore): boolean {
  return sem.wait_list.length === 0 && rwsem_try_write_lock_unqueued(current, sem);
}

/** Source: v5.4 kernel/locking/rwsem.c. */
function* rwsem_down_read_slowpath(current: task_struct, sem: rw_semaphore, killable: boolean): Steps<boolean> {
  const word = wordOf(sem);
  const last_rowner = sem.readerOwned ? word.lastReader : null;
  const sawRd = word.rdNonspinnable;
  const spins = rwsem_can_spin_on_owner(current, sem, nonspinnableFor(sem, false));
  if (spins) {
    if (yield* rwsem_optimistic_spin(current, sem, false)) {
      rwsem_mark_wake(sem, "RWSEM_WAKE_READ_OWNED");
      return true;
    }
    // rwsem_reader_phase_trylock(): readers have come in since, so this one belongs to them.
    if (sem.readerOwned && word.lastReader !== last_rowner && rwsem_try_read_lock_unqueued(current, sem)) return true;
  }
  const first = sem.wait_list.length === 0;
  if (first && !spins && rwsem_try_read_lock_unqueued(current, sem)) return true;
  const waiter = queueWaiter(current, sem, "RWSEM_WAITING_FOR_READ", waitTimeout(sem));
  if (sawRd) word.sawRd.add(waiter);
  if (sem.owner === null) {
    if (sem.readers === 0) sem.nonspinnable = false;
    if (sem.readers === 0 || first) rwsem_mark_wake(sem, "RWSEM_WAKE_ANY");
  }
  beginSleeping(current, sem, "R");
  while (schedule(current, sem, waiter, killable)) yield;
  trace_contention_end(current, sem, "R");
  if (waiter.granted) return true;
  sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
  if (sem.wait_list.length === 0) {
    sem.handoff = false;
    kickSpinner(sem);
  }
  return false;
}

/** Source: v5.4 kernel/locking/rwsem.c. */
function* rwsem_down_write_slowpath(current: task_struct, sem: rw_semaphore, killable: boolean): Steps<boolean> {
  const word = wordOf(sem);
  const canSpin = rwsem_can_spin_on_owner(current, sem, nonspinnableFor(sem, true));
  if (canSpin && (yield* rwsem_optimistic_spin(current, sem, true))) return true;
  const nonspinnable: Nonspinnable = () => sem.nonspinnable || word.rdNonspinnable;
  const disable_rspin = nonspinnable();
  let wstate: writer_wait_state = sem.wait_list.length === 0 ? "WRITER_FIRST" : "WRITER_NOT_FIRST";
  const waiter = queueWaiter(current, sem, "RWSEM_WAITING_FOR_WRITE", waitTimeout(sem));
  if (wstate === "WRITER_NOT_FIRST" && sem.owner === null) {
    rwsem_mark_wake(sem, sem.readers !== 0 ? "RWSEM_WAKE_READERS" : "RWSEM_WAKE_ANY");
  }
  beginSleeping(current, sem, "W");
  while (!rwsem_try_write_lock(sem, waiter, wstate)) {
    // The lock will be handed to us: stay on the CPU while its owner runs.
    if (wstate === "WRITER_HANDOFF" && (yield* rwsem_spin_on_owner(current, sem, nonspinnable)) === "OWNER_NULL") {
      continue;
    }
    const next: writer_wait_state | null = yield* sleepAsWriter(current, sem, waiter, wstate, killable);
    if (next === null) {
      leaveAsWriter(sem, waiter, wstate);
      trace_contention_end(current, sem, "W");
      return false;
    }
    wstate = next;
  }
  // rwsem_disable_reader_optspin()
  if (disable_rspin) word.rdNonspinnable = true;
  trace_contention_end(current, sem, "W");
  return true;
}

/** The inner loop of rwsem_down_write_slowpath(): sleeps until it is worth while to try. Null: killed. */
function* sleepAsWriter(
  current: task_struct,
  sem: rw_semaphore,
  waiter: rwsem_waiter,
  wstate: writer_wait_state,
  killable: boolean,
): Steps<writer_wait_state | null> {
  let state = wstate;
  for (;;) {
    if (killable && current.sigkill) return null;
    current.parkOn(sem.forWrite, killable);
    yield;
    if (state === "WRITER_HANDOFF") return state;
    if (sem.wait_list[0] === waiter) state = "WRITER_FIRST";
    if (sem.owner === null && sem.readers === 0) return state;
    if (state === "WRITER_FIRST" && time_after(jiffies(sem.kernel), waiter.timeout)) return "WRITER_HANDOFF";
  }
}

// C: out_nolock.
function leaveAsWriter(sem: rw_semaphore, waiter: rwsem_waiter, wstate: writer_wait_state): void {
  sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
  if (wstate === "WRITER_HANDOFF") sem.handoff = false;
  kickSpinner(sem);
  rwsem_mark_wake(sem, "RWSEM_WAKE_ANY");
}

/** Takes a free lock for a queued writer; at a taken one, the first waiter whose time has come asks for the hand-off. */
function rwsem_try_write_lock(sem: rw_semaphore, waiter: rwsem_waiter, wstate: writer_wait_state): boolean {
  if (sem.handoff && wstate === "WRITER_NOT_FIRST") return false;
  if (sem.owner !== null || sem.readers !== 0) {
    if (wstate === "WRITER_HANDOFF") sem.handoff = true;
    return false;
  }
  sem.handoff = false;
  sem.wait_list.splice(sem.wait_list.indexOf(waiter), 1);
  rwsem_set_owner(waiter.task, sem);
  return true;
}

/** Source: v5.4 kernel/locking/rwsem.c. */
function __up_read(sem: rw_semaphore): void {
  if (sem.readers !== 0) return;
  // clear_wr_nonspinnable(): the bit for readers stays.
  if (sem.wait_list.length !== 0) sem.nonspinnable = false;
  release(sem);
}

/** Source: v5.4 kernel/locking/rwsem.c. */
function __up_write(sem: rw_semaphore): void {
  rwsem_clear_owner(sem);
  release(sem);
}

/** The lock is free: the spinner polls the word that was just written, and is ahead of the waker. */
function release(sem: rw_semaphore): void {
  const { readers, letIn } = wordOf(sem);
  const spinner = sem.osq[0];
  if (spinner !== undefined) {
    const wlock = !readers.has(spinner);
    const polls = !letIn.has(spinner) && !nonspinnableFor(sem, wlock)();
    const takes = wlock ? rwsem_try_write_lock_unqueued : rwsem_try_read_lock_unqueued;
    if (polls && takes(spinner, sem)) letIn.add(spinner);
    spinner.wake(0);
  }
  rwsem_mark_wake(sem, "RWSEM_WAKE_ANY");
}

/** Source: v5.4 kernel/locking/rwsem.c. */
function __downgrade_write(sem: rw_semaphore): void {
  sem.readerOwned = true;
  rwsem_mark_wake(sem, "RWSEM_WAKE_READ_OWNED");
  kickSpinner(sem);
}

/**
 * Wakes a writer at the head, without giving it the lock. With a reader at the head, gives the lock to the readers of the whole
 * queue, past the writers between them. Does nothing to an empty queue.
 *
 * Source: v5.4 kernel/locking/rwsem.c.
 */
function rwsem_mark_wake(sem: rw_semaphore, wake_type: rwsem_wake_type): void {
  const head = sem.wait_list[0];
  if (head === undefined) return;
  if (head.type === "RWSEM_WAITING_FOR_WRITE") {
    if (wake_type === "RWSEM_WAKE_ANY") wakeWaiter(sem, head);
    return;
  }
  if (wake_type !== "RWSEM_WAKE_READ_OWNED") {
    if (sem.owner !== null) {
      if (time_after(jiffies(sem.kernel), head.timeout)) sem.handoff = true;
      return;
    }
    const word = wordOf(sem);
    if (word.sawRd.has(head)) word.rdNonspinnable = true;
    rwsem_set_reader_owned(sem, head.task);
  }
  const readers = sem.wait_list.filter(({ type }) => type === "RWSEM_WAITING_FOR_READ");
  wakeReaders(sem, readers.slice(0, MAX_READERS_WAKEUP));
  sem.handoff = false;
  kickSpinner(sem);
}

function waitTimeout({ kernel }: rw_semaphore): number {
  return jiffies(kernel) + Math.ceil(RWSEM_WAIT_TIMEOUT_NS / kernel.costs.host_tick);
}
