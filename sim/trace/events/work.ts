import type { Tracing } from "../trace.ts";

/** An operation of a role begins, which was due at `intended_ns`. Source: none. */
export function trace_op_begin(current: Tracing, op: string, number: number, intended_ns: number): void {
  const { trace } = current;
  const on = trace.on.op_begin;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.op = op;
  e.number = number;
  e.intended_ns = intended_ns;
  trace.tell(on);
}

/** It ends; `done` is false when it failed. Source: none. */
export function trace_op_end(current: Tracing, op: string, number: number, done: boolean): void {
  const { trace } = current;
  const on = trace.on.op_end;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.op = op;
  e.number = number;
  e.done = done;
  trace.tell(on);
}

/** A schedule skipped `missed` slots. Source: none. */
export function trace_op_missed(current: Tracing, op: string, missed: number): void {
  const { trace } = current;
  const on = trace.on.op_missed;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.op = op;
  e.missed = missed;
  trace.tell(on);
}

/** A worker takes up a piece of work: `of` a token or page, `whose` the task it is for, -1 for anybody. Source: none; workqueue:workqueue_execute_start is the nearest. */
export function trace_work_begin(current: Tracing, work: string, of: number, whose: number): void {
  const { trace } = current;
  const on = trace.on.work_begin;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.work = work;
  e.of = of;
  e.for = whose;
  trace.tell(on);
}

/** It is done with it. Source: none; workqueue:workqueue_execute_end is the nearest. */
export function trace_work_end(current: Tracing, work: string, of: number, whose: number): void {
  const { trace } = current;
  const on = trace.on.work_end;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.work = work;
  e.of = of;
  e.for = whose;
  trace.tell(on);
}
