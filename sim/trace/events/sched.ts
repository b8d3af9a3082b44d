import type { SleepReason } from "../kinds.ts";
import type { Tracing } from "../trace.ts";

/** The task leaves its CPU and waits for `reason`. Source: none; sched_switch shows that it sleeps, not for what. */
export function trace_sleep(current: Tracing, reason: SleepReason): void {
  const { trace } = current;
  const on = trace.on.sleep;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.reason = reason;
  trace.tell(on);
}

/** It runs again. Source: none; sched_switch shows that it runs. */
export function trace_wake(current: Tracing, reason: SleepReason): void {
  const { trace } = current;
  const on = trace.on.wake;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.reason = reason;
  trace.tell(on);
}

/** It loses its CPU to another task and could go on. Source: v3.17 include/trace/events/sched.h (sched_switch, state R). */
export function trace_sched_out(current: Tracing): void {
  const { trace } = current;
  const on = trace.on.sched_out;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  trace.tell(on);
}

/** It has a CPU again, after `delay_ns` in the run queue. Source: v3.17 include/trace/events/sched.h (sched_switch). */
export function trace_sched_in(current: Tracing, delay_ns: number): void {
  const { trace } = current;
  const on = trace.on.sched_in;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.delay_ns = delay_ns;
  trace.tell(on);
}
