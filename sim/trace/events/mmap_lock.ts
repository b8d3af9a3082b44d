import type { Mode } from "../kinds.ts";
import type { Tracing } from "../trace.ts";

/** The lock of an mm, by the mm's name. */
interface TracedLock {
  readonly name: string;
}

/** Source: v5.11 include/trace/events/mmap_lock.h. `func` and site are ours. */
export function trace_mmap_lock_start_locking(current: Tracing, sem: TracedLock, mode: Mode, func: string): void {
  const { trace } = current;
  const on = trace.on.mmap_lock_start_locking;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = sem.name;
  e.mode = mode;
  e.func = func;
  trace.tell(on);
}

/**
 * `success` is false for a trylock that failed and a wait that SIGKILL ended. `downgrade`: an exclusive hold went on as a shared one.
 *
 * Source: v5.11 include/trace/events/mmap_lock.h; a kernel's own text does not tell a downgrade apart.
 */
export function trace_mmap_lock_acquire_returned(
  current: Tracing,
  sem: TracedLock,
  mode: Mode,
  func: string,
  success: boolean,
  downgrade = false,
): void {
  const { trace } = current;
  const on = trace.on.mmap_lock_acquire_returned;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = sem.name;
  e.mode = mode;
  e.func = func;
  e.success = success;
  e.downgrade = downgrade;
  trace.tell(on);
}

/** Source: v5.11 include/trace/events/mmap_lock.h. */
export function trace_mmap_lock_released(current: Tracing, sem: TracedLock, mode: Mode, func: string): void {
  const { trace } = current;
  const on = trace.on.mmap_lock_released;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = sem.name;
  e.mode = mode;
  e.func = func;
  trace.tell(on);
}

/** `owner`, which waited, has the lock from now on; it need not run yet. Source: none, no tracepoint shows it. */
export function trace_granted(owner: Tracing, sem: TracedLock, mode: Mode): void {
  const { trace } = owner;
  const on = trace.on.granted;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = owner.sim.now;
  e.task = owner.nr;
  e.site = owner.site;
  e.mm = sem.name;
  e.mode = mode;
  trace.tell(on);
}

/** The sleeping part of a slow path begins. Source: v5.19 include/trace/events/lock.h. */
export function trace_contention_begin(current: Tracing, sem: TracedLock, mode: Mode): void {
  const { trace } = current;
  const on = trace.on.contention_begin;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = sem.name;
  e.mode = mode;
  trace.tell(on);
}

/** It ends. Source: v5.19 include/trace/events/lock.h. */
export function trace_contention_end(current: Tracing, sem: TracedLock, mode: Mode): void {
  const { trace } = current;
  const on = trace.on.contention_end;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = sem.name;
  e.mode = mode;
  trace.tell(on);
}
