import { InvariantError } from "../../../engine/invariant-error.ts";
import type { Steps } from "../../../engine/task.ts";
import type { Mode } from "../../../trace/kinds.ts";
import type { rw_semaphore } from "../../include/linux/rwsem.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import {
  trace_mmap_lock_acquire_returned,
  trace_mmap_lock_released,
  trace_mmap_lock_start_locking,
} from "../../../trace/events/mmap_lock.ts";

/**
 * Takes `sem` shared; sleeps until it is granted. `func` is the function that asks (the kernel's _RET_IP_).
 *
 * Source: v3.17 kernel/locking/rwsem.c.
 * Left out: might_sleep(), lockdep.
 */
export function* down_read(current: task_struct, sem: rw_semaphore, func: string): Steps {
  if (current.settles()) yield;
  if (down_read_fast(current, sem, func)) return;
  yield* sem.policy.rwsem_down_read_failed(current, sem, false);
  down_read_slept(current, sem, func);
}

/**
 * The half of {@link down_read} that never sleeps. False: the slow path of the policy and {@link down_read_slept} must follow. Settled before.
 *
 * Source: v3.17 arch/x86/include/asm/rwsem.h (__down_read).
 */
export function down_read_fast(current: task_struct, sem: rw_semaphore, func: string): boolean {
  trace_mmap_lock_start_locking(current, sem, "R", func);
  if (!sem.policy.__down_read_trylock(current, sem)) return false;
  acquired(current, sem, "R", func);
  return true;
}

/** After the sleep of {@link down_read}: the lock was granted. Source: v3.17 kernel/locking/rwsem.c. */
export function down_read_slept(current: task_struct, sem: rw_semaphore, func: string): void {
  if (sem.wakeUps !== 0) payWakeUps(current, sem);
  acquired(current, sem, "R", func);
}

/**
 * Takes `sem` shared; SIGKILL ends the wait. False: -EINTR, not taken.
 *
 * Source: v6.18 kernel/locking/rwsem.c.
 */
export function* down_read_killable(current: task_struct, sem: rw_semaphore, func: string): Steps<boolean> {
  if (current.settles()) yield;
  if (down_read_fast(current, sem, func)) return true;
  const taken = yield* sem.policy.rwsem_down_read_failed(current, sem, true);
  if (sem.wakeUps !== 0) payWakeUps(current, sem);
  if (taken) {
    acquired(current, sem, "R", func);
    return true;
  }
  trace_mmap_lock_acquire_returned(current, sem, "R", func, false);
  return false;
}

/**
 * Takes `sem` shared if that is possible at once.
 *
 * Source: v3.17 kernel/locking/rwsem.c.
 */
export function* down_read_trylock(current: task_struct, sem: rw_semaphore, func: string): Steps<boolean> {
  if (current.settles()) yield;
  if (down_read_fast(current, sem, func)) return true;
  trace_mmap_lock_acquire_returned(current, sem, "R", func, false);
  return false;
}

/**
 * Takes `sem` exclusive; sleeps, and may spin, until it has it.
 *
 * Source: v3.17 kernel/locking/rwsem.c.
 */
export function* down_write(current: task_struct, sem: rw_semaphore, func: string): Steps {
  if (current.settles()) yield;
  if (down_write_fast(current, sem, func)) return;
  yield* sem.policy.rwsem_down_write_failed(current, sem, false);
  down_write_slept(current, sem, func);
}

/**
 * The half of {@link down_write} that never sleeps. False: the slow path of the policy and {@link down_write_slept} must follow. Settled before.
 *
 * Source: v3.17 arch/x86/include/asm/rwsem.h (__down_write).
 */
export function down_write_fast(current: task_struct, sem: rw_semaphore, func: string): boolean {
  trace_mmap_lock_start_locking(current, sem, "W", func);
  if (!sem.policy.__down_write_trylock(current, sem)) return false;
  acquired(current, sem, "W", func);
  return true;
}

/** After the slow path of {@link down_write}: the lock was taken. Source: v3.17 kernel/locking/rwsem.c. */
export function down_write_slept(current: task_struct, sem: rw_semaphore, func: string): void {
  acquired(current, sem, "W", func);
}

/**
 * Takes `sem` exclusive; SIGKILL ends the wait. False: -EINTR, not taken.
 *
 * Source: v6.18 kernel/locking/rwsem.c.
 */
export function* down_write_killable(current: task_struct, sem: rw_semaphore, func: string): Steps<boolean> {
  if (current.settles()) yield;
  if (down_write_fast(current, sem, func)) return true;
  const taken = yield* sem.policy.rwsem_down_write_failed(current, sem, true);
  if (sem.wakeUps !== 0) payWakeUps(current, sem);
  if (taken) {
    acquired(current, sem, "W", func);
    return true;
  }
  trace_mmap_lock_acquire_returned(current, sem, "W", func, false);
  return false;
}

/**
 * Takes `sem` exclusive if that is possible at once.
 *
 * Source: v3.17 kernel/locking/rwsem.c.
 */
export function* down_write_trylock(current: task_struct, sem: rw_semaphore, func: string): Steps<boolean> {
  if (current.settles()) yield;
  if (down_write_fast(current, sem, func)) return true;
  trace_mmap_lock_acquire_returned(current, sem, "W", func, false);
  return false;
}

/** Lets a shared `sem` go. Source: v3.17 kernel/locking/rwsem.c. */
export function* up_read(current: task_struct, sem: rw_semaphore, func: string): Steps {
  current.charge(sem.kernel.costs.up_read);
  if (current.settles()) yield;
  up_read_settled(current, sem, func);
}

/** {@link up_read} for a caller that has settled its work. Source: v3.17 kernel/locking/rwsem.c. */
export function up_read_settled(current: task_struct, sem: rw_semaphore, func: string): void {
  trace_mmap_lock_released(current, sem, "R", func);
  sem.disown(current, "R");
  sem.policy.__up_read(sem);
  if (sem.wakeUps !== 0) payWakeUps(current, sem);
  if (sem.checked) assertRwsem(sem, current);
}

/** Lets an exclusive `sem` go. Source: v3.17 kernel/locking/rwsem.c. */
export function* up_write(current: task_struct, sem: rw_semaphore, func: string): Steps {
  current.charge(sem.kernel.costs.up_write);
  if (current.settles()) yield;
  up_write_settled(current, sem, func);
}

/** {@link up_write} for a caller that has settled its work. Source: v3.17 kernel/locking/rwsem.c. */
export function up_write_settled(current: task_struct, sem: rw_semaphore, func: string): void {
  trace_mmap_lock_released(current, sem, "W", func);
  sem.disown(current, "W");
  sem.policy.__up_write(sem);
  if (sem.wakeUps !== 0) payWakeUps(current, sem);
  if (sem.checked) assertRwsem(sem, current);
}

/**
 * Turns an exclusive hold into a shared one, without a gap.
 *
 * Source: v3.17 kernel/locking/rwsem.c.
 */
export function* downgrade_write(current: task_struct, sem: rw_semaphore, func: string): Steps {
  if (current.settles()) yield;
  sem.disown(current, "W");
  sem.grant(current, "R");
  trace_mmap_lock_acquire_returned(current, sem, "R", func, true, true);
  sem.policy.__downgrade_write(sem);
  if (sem.wakeUps !== 0) payWakeUps(current, sem);
  if (sem.checked) assertRwsem(sem, current);
}

/** Does anybody stand in the queue? Who spins does not. Source: v6.18 include/linux/rwsem.h. */
export function rwsem_is_contended(sem: rw_semaphore): boolean {
  return sem.wait_list.length !== 0;
}

/** The waker sends its wake-ups one by one, and goes on after the last. */
function payWakeUps(current: task_struct, sem: rw_semaphore): void {
  const { wake_up_waker, wake_up_next } = sem.kernel.costs;
  current.charge(wake_up_waker + (sem.wakeUps - 1) * wake_up_next);
  sem.wakeUps = 0;
}

function acquired(current: task_struct, sem: rw_semaphore, mode: Mode, func: string): void {
  trace_mmap_lock_acquire_returned(current, sem, mode, func, true);
  current.charge(mode === "R" ? sem.kernel.costs.down_read : sem.kernel.costs.down_write);
  if (sem.checked) assertRwsem(sem, current);
}

/**
 * What must hold between any two steps: never a writer beside a reader, the readers counted are the tasks that own it, and
 * nobody stands in the queue twice or both in the queue and at the lock's spinning door.
 *
 * @throws InvariantError when it does not.
 */
function assertRwsem(sem: rw_semaphore, current: task_struct): void {
  const fail = (what: string): never => {
    throw new InvariantError(`mmap_sem of ${sem.name}: ${what}`, sem.kernel.sim.now, current.name);
  };
  if (sem.owner !== null && sem.readers !== 0) fail(`a writer (${sem.owner.name}) and ${sem.readers} readers own it`);
  if (sem.readers < 0) fail(`${sem.readers} readers`);
  let holds = 0;
  for (const task of sem.kernel.tasks) for (const held of task.held) if (held === sem) holds++;
  const counted = sem.readers + (sem.owner === null ? 0 : 1);
  if (holds !== counted) fail(`${counted} owners are counted, ${holds} tasks own it`);
  const waiting = [...sem.wait_list.map((waiter) => waiter.task), ...sem.osq];
  if (new Set(waiting).size !== waiting.length) fail("a task waits twice");
  if (sem.wait_list.some((waiter) => waiter.granted)) fail("a granted waiter is still in the queue");
}
