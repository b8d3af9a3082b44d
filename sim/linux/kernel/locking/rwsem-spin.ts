import type { Steps } from "../../../engine/task.ts";
import type { rw_semaphore } from "../../include/linux/rwsem.ts";
import type { task_struct } from "../../include/linux/sched.ts";

/** Longest spin on readers: 10 us, half a us more a reader, at most 25 us. Source: v6.18 kernel/locking/rwsem.c. */
const rspinNs = { least: 10_000, aReader: 500, most: 25_000 };

type owner_state = "OWNER_NULL" | "OWNER_WRITER" | "OWNER_READER" | "OWNER_NONSPINNABLE";

/** Takes a free lock without having queued. Source: v6.18 kernel/locking/rwsem.c. */
export function rwsem_try_write_lock_unqueued(current: task_struct, sem: rw_semaphore): boolean {
  if (sem.owner !== null || sem.readers !== 0 || sem.handoff) return false;
  grantWriter(current, sem);
  return true;
}

/** May a writer spin at all? Source: v6.18 kernel/locking/rwsem.c. */
export function rwsem_can_spin_on_owner(current: task_struct, sem: rw_semaphore): boolean {
  return !current.needResched && !sem.nonspinnable && (sem.owner === null || sem.owner.onCpu);
}

/**
 * Polls instead of queueing, in the order of the MCS queue. True: the lock is taken.
 *
 * Source: v6.18 kernel/locking/rwsem.c.
 */
export function* rwsem_optimistic_spin(current: task_struct, sem: rw_semaphore): Steps<boolean> {
  const { sim } = current;
  let taken = false;
  if (!(yield* osq_lock(current, sem))) return false;
  let prev_owner_state: owner_state = "OWNER_NULL";
  let rspin_threshold = 0;
  for (;;) {
    // __up_read() and __up_write() give the lock to the spinner: it sees the free lock before anyone else.
    taken = sem.owner === current;
    if (taken) break;
    const owner_state: owner_state = yield* rwsem_spin_on_owner(current, sem);
    if (owner_state === "OWNER_NONSPINNABLE") break;
    taken = sem.owner === current || rwsem_try_write_lock_unqueued(current, sem);
    if (taken) break;
    if (owner_state === "OWNER_READER") {
      if (prev_owner_state !== "OWNER_READER") {
        rspin_threshold = sim.now + rwsem_rspin_threshold(sem);
      } else if (sim.now >= rspin_threshold) {
        sem.nonspinnable = true;
        break;
      }
    }
    if (owner_state !== "OWNER_WRITER" && current.needResched) break;
    prev_owner_state = owner_state;
    if (owner_state === "OWNER_WRITER") continue;
    // Nothing can change before someone kicks the spinner, or its time is up.
    current.spin(sem.forWrite, owner_state === "OWNER_READER" ? rspin_threshold : null);
    yield;
  }
  sem.osq.splice(sem.osq.indexOf(current), 1);
  sem.osq[0]?.wake(0);
  return taken;
}

/** Source: v6.18 kernel/locking/osq_lock.c. Left out: the node of a preempted vCPU. */
export function* osq_lock(current: task_struct, sem: rw_semaphore): Steps<boolean> {
  sem.osq.push(current);
  while (sem.osq[0] !== current) {
    if (current.needResched) {
      sem.osq.splice(sem.osq.indexOf(current), 1);
      return false;
    }
    current.spin(sem.forWrite, null);
    yield;
  }
  return true;
}

/** How long to spin on readers, ns. Source: v6.18 kernel/locking/rwsem.c. */
export function rwsem_rspin_threshold(sem: rw_semaphore): number {
  return Math.min(rspinNs.most, rspinNs.least + sem.readers * rspinNs.aReader);
}

/** Spins while the same writer owns the lock and runs. Source: v6.18 kernel/locking/rwsem.c. */
export function* rwsem_spin_on_owner(current: task_struct, sem: rw_semaphore): Steps<owner_state> {
  const { owner } = sem;
  if (owner === null || sem.nonspinnable) return rwsem_owner_state(sem);
  while (sem.owner === owner) {
    if (current.needResched || !owner.onCpu) return "OWNER_NONSPINNABLE";
    owner.watchers.push(current);
    current.spin(sem.forWrite, null);
    yield;
    const at = owner.watchers.indexOf(current);
    if (at >= 0) owner.watchers.splice(at, 1);
  }
  return sem.owner === current ? "OWNER_NULL" : rwsem_owner_state(sem);
}

/** Source: v6.18 kernel/locking/rwsem.c. */
function rwsem_owner_state(sem: rw_semaphore): owner_state {
  if (sem.nonspinnable) return "OWNER_NONSPINNABLE";
  if (sem.owner !== null) return "OWNER_WRITER";
  return sem.readerOwned ? "OWNER_READER" : "OWNER_NULL";
}

/** Makes `current` an owner; the owner word says readers. */
export function grantReader(current: task_struct, sem: rw_semaphore): void {
  sem.grant(current, "R");
  sem.readerOwned = true;
  kickSpinner(sem);
}

/** Makes `task` the owner; spinning is worth while again. */
export function grantWriter(task: task_struct, sem: rw_semaphore): void {
  sem.grant(task, "W");
  sem.readerOwned = false;
  sem.nonspinnable = false;
  if (sem.osq[0] !== task) kickSpinner(sem);
}

/** Lets the first spinner look at the lock again. */
export function kickSpinner(sem: rw_semaphore): void {
  sem.osq[0]?.wake(0);
}
