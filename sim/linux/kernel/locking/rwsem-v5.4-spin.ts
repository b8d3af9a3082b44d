import type { Steps } from "../../../engine/task.ts";
import type { rw_semaphore, rwsem_waiter } from "../../include/linux/rwsem.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { kickSpinner, osq_lock, rwsem_rspin_threshold } from "./rwsem-spin.ts";

type owner_state = "OWNER_NULL" | "OWNER_WRITER" | "OWNER_READER" | "OWNER_NONSPINNABLE";
/** Asks whether the owner word forbids to spin: the bit for writers (`sem.nonspinnable`), that for readers, or either. */
export type Nonspinnable = () => boolean;

/** What the owner word of v5.4 says and later ones do not. */
export interface OwnerWord {
  /** RWSEM_RD_NONSPINNABLE. Unlike the bit for writers it stays set when the readers leave. */
  rdNonspinnable: boolean;
  /** The task that was written there as the last reader. */
  lastReader: task_struct | null;
  /** Spinners that want the lock for read, and those of them that a release has let in. */
  readonly readers: Set<task_struct>;
  readonly letIn: Set<task_struct>;
  /** Queued readers with RWSEM_RD_NONSPINNABLE in their `last_rowner`. */
  readonly sawRd: WeakSet<rwsem_waiter>;
}

const words = new WeakMap<rw_semaphore, OwnerWord>();

/** The rest of the owner word of `sem`. Source: v5.4 kernel/locking/rwsem.c. */
export function wordOf(sem: rw_semaphore): OwnerWord {
  let word = words.get(sem);
  if (word === undefined) {
    word = { rdNonspinnable: false, lastReader: null, readers: new Set(), letIn: new Set(), sawRd: new WeakSet() };
    words.set(sem, word);
  }
  return word;
}

/** Takes a lock for read that no writer has or is promised, without having queued. Source: v5.4 kernel/locking/rwsem.c. */
export function rwsem_try_read_lock_unqueued(current: task_struct, sem: rw_semaphore): boolean {
  if (sem.owner !== null || sem.handoff) return false;
  sem.grant(current, "R");
  rwsem_set_reader_owned(sem, current);
  if (sem.osq[0] !== current) kickSpinner(sem);
  return true;
}
/** Takes a free lock for write, without having queued. Source: v5.4 kernel/locking/rwsem.c. */
export function rwsem_try_write_lock_unqueued(current: task_struct, sem: rw_semaphore): boolean {
  if (sem.owner !== null || sem.readers !== 0 || sem.handoff) return false;
  rwsem_set_owner(current, sem);
  return true;
}

/** Writes a reader down as the owner: keeps the bit for readers, clears that for writers. Source: v5.4 kernel/locking/rwsem.c. */
export function rwsem_set_reader_owned(sem: rw_semaphore, task: task_struct): void {
  sem.readerOwned = true;
  sem.nonspinnable = false;
  wordOf(sem).lastReader = task;
}

/** Makes `task` the owner for write; clears both bits. Source: v5.4 kernel/locking/rwsem.c. */
export function rwsem_set_owner(task: task_struct, sem: rw_semaphore): void {
  sem.grant(task, "W");
  rwsem_clear_owner(sem);
  if (sem.osq[0] !== task) kickSpinner(sem);
}
/** Empties the owner word, both bits included. Source: v5.4 kernel/locking/rwsem.c. */
export function rwsem_clear_owner(sem: rw_semaphore): void {
  sem.readerOwned = false;
  sem.nonspinnable = false;
  wordOf(sem).rdNonspinnable = false;
}

/** The bit that forbids to spin, for who wants the lock for write (`wlock`) or for read. Source: v5.4 kernel/locking/rwsem.c. */
export function nonspinnableFor(sem: rw_semaphore, wlock: boolean): Nonspinnable {
  const word = wordOf(sem);
  return wlock ? () => sem.nonspinnable : () => word.rdNonspinnable;
}
/** May a task spin at all? Source: v5.4 kernel/locking/rwsem.c. */
export function rwsem_can_spin_on_owner(current: task_struct, sem: rw_semaphore, nonspinnable: Nonspinnable): boolean {
  return !current.needResched && !nonspinnable() && (sem.owner === null || sem.owner.onCpu);
}

function rwsem_owner_state(sem: rw_semaphore, nonspinnable: Nonspinnable): owner_state {
  if (nonspinnable()) return "OWNER_NONSPINNABLE";
  if (sem.owner !== null) return "OWNER_WRITER";
  return sem.readerOwned ? "OWNER_READER" : "OWNER_NULL";
}
/** Spins while the same writer owns the lock and runs. Source: v5.4 kernel/locking/rwsem.c. */
export function* rwsem_spin_on_owner(
  current: task_struct,
  sem: rw_semaphore,
  nonspinnable: Nonspinnable,
): Steps<owner_state> {
  const { owner } = sem;
  if (owner === null) return rwsem_owner_state(sem, nonspinnable);
  while (sem.owner === owner && !nonspinnable()) {
    if (current.needResched || !owner.onCpu) return "OWNER_NONSPINNABLE";
    owner.watchers.push(current);
    current.spin(sem.forWrite, null);
    yield;
    const at = owner.watchers.indexOf(current);
    if (at >= 0) owner.watchers.splice(at, 1);
  }
  return rwsem_owner_state(sem, nonspinnable);
}

/** Polls instead of queueing, in the order of the MCS queue. True: the lock is taken. Source: v5.4 kernel/locking/rwsem.c. */
export function* rwsem_optimistic_spin(current: task_struct, sem: rw_semaphore, wlock: boolean): Steps<boolean> {
  const word = wordOf(sem);
  const nonspinnable = nonspinnableFor(sem, wlock);
  if (!wlock) word.readers.add(current);
  const taken = (yield* osq_lock(current, sem)) && (yield* spinAtHead(current, sem, wlock, nonspinnable));
  word.readers.delete(current);
  const at = sem.osq.indexOf(current);
  if (at >= 0) {
    sem.osq.splice(at, 1);
    sem.osq[0]?.wake(0);
  }
  return taken;
}

/** The loop of rwsem_optimistic_spin(). */
function* spinAtHead(
  current: task_struct,
  sem: rw_semaphore,
  wlock: boolean,
  nonspinnable: Nonspinnable,
): Steps<boolean> {
  const { letIn } = wordOf(sem);
  let prev_owner_state: owner_state = "OWNER_NULL";
  let rspin_threshold = 0;
  for (;;) {
    // release() has given the lock to the spinner, who sees it free before anyone else.
    if (letIn.delete(current)) return true;
    const owner_state: owner_state = yield* rwsem_spin_on_owner(current, sem, nonspinnable);
    if (letIn.delete(current)) return true;
    if (owner_state === "OWNER_NONSPINNABLE") return false;
    if (wlock ? rwsem_try_write_lock_unqueued(current, sem) : rwsem_try_read_lock_unqueued(current, sem)) return true;
    const onReaders = wlock && owner_state === "OWNER_READER";
    if (onReaders && prev_owner_state !== "OWNER_READER") {
      rspin_threshold = current.sim.now + rwsem_rspin_threshold(sem);
    } else if (onReaders && current.sim.now >= rspin_threshold) {
      rwsem_set_nonspinnable(sem);
      return false;
    }
    if (owner_state !== "OWNER_WRITER" && current.needResched) return false;
    prev_owner_state = owner_state;
    if (owner_state === "OWNER_WRITER") continue;
    // Nothing can change before someone kicks the spinner, or its time is up.
    current.spin(sem.forWrite, onReaders ? rspin_threshold : null);
    yield;
  }
}

// Sets both bits, unless one is set.
function rwsem_set_nonspinnable(sem: rw_semaphore): void {
  const word = wordOf(sem);
  if (!sem.readerOwned || sem.nonspinnable || word.rdNonspinnable) return;
  sem.nonspinnable = true;
  word.rdNonspinnable = true;
}
