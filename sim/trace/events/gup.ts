import type { Tracing } from "../trace.ts";

/** An address space, by its name. */
interface Named {
  readonly name: string;
}

/** A call of the family `func` begins. Source: none. */
export function trace_gup_begin(current: Tracing, mm: Named, func: string, pages: number, first_page: number): void {
  const { trace } = current;
  const on = trace.on.gup_begin;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = mm.name;
  e.func = func;
  e.pages = pages;
  e.first_page = first_page;
  trace.tell(on);
}

/** It returns `result`, pages or -errno. Source: none. */
export function trace_gup_end(current: Tracing, mm: Named, func: string, result: number): void {
  const { trace } = current;
  const on = trace.on.gup_end;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = mm.name;
  e.func = func;
  e.result = result;
  trace.tell(on);
}

/** A page is asked for again after VM_FAULT_RETRY, for the `n`-th time. Source: none. */
export function trace_gup_retry(current: Tracing, mm: Named, n: number): void {
  const { trace } = current;
  const on = trace.on.gup_retry;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = mm.name;
  e.n = n;
  trace.tell(on);
}

/** The lock was dropped and taken again: what the caller looked up before is stale. Source: none. */
export function trace_section_lost(current: Tracing, mm: Named): void {
  const { trace } = current;
  const on = trace.on.section_lost;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = mm.name;
  trace.tell(on);
}
