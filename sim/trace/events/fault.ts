import type { Tracing } from "../trace.ts";

/** An address space or a mapping, by its name. */
interface Named {
  readonly name: string;
}

/** handle_mm_fault begins at page `page` of the mapping. Source: none; exceptions:page_fault_user comes before it. */
export function trace_fault_begin(current: Tracing, mm: Named, vma: Named, page: number, flags: number): void {
  const { trace } = current;
  const on = trace.on.fault_begin;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = mm.name;
  e.vma = vma.name;
  e.page = page;
  e.flags = flags;
  trace.tell(on);
}

/** It returns the bits `result`; `fault` says what kind of fault it was. Source: none. */
export function trace_fault_end(current: Tracing, mm: Named, fault: string, page: number, result: number): void {
  const { trace } = current;
  const on = trace.on.fault_end;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = mm.name;
  e.fault = fault;
  e.page = page;
  e.result = result;
  trace.tell(on);
}

/** A fault tries the lock of a mapping; `vma` is the mapping's name, or why it falls back to mmap_lock. Source: v6.4 include/linux/mm.h (vma_start_read), which has no tracepoint. */
export function trace_vma_start_read(current: Tracing, mm: Named, vma: string, success: boolean): void {
  const { trace } = current;
  const on = trace.on.vma_start_read;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = mm.name;
  e.vma = vma;
  e.success = success;
  trace.tell(on);
}

/** It lets go of it. Source: v6.4 include/linux/mm.h, which has no tracepoint. */
export function trace_vma_end_read(current: Tracing, mm: Named, vma: Named): void {
  const { trace } = current;
  const on = trace.on.vma_end_read;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = mm.name;
  e.vma = vma.name;
  trace.tell(on);
}

/** A writer waits for the readers of a mapping. Source: v6.4 include/linux/mm.h (vma_start_write), which has no tracepoint. */
export function trace_vma_wait_begin(current: Tracing, mm: Named, vma: Named): void {
  const { trace } = current;
  const on = trace.on.vma_wait_begin;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = mm.name;
  e.vma = vma.name;
  trace.tell(on);
}

/** They have gone. Source: as {@link trace_vma_wait_begin}. */
export function trace_vma_wait_end(current: Tracing, mm: Named, vma: Named): void {
  const { trace } = current;
  const on = trace.on.vma_wait_end;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.mm = mm.name;
  e.vma = vma.name;
  trace.tell(on);
}

/** A kernel assertion ended the task, which keeps `locks_held` locks. Source: none. */
export function trace_bug(current: Tracing, assertion: string, locks_held: number): void {
  const { trace } = current;
  const on = trace.on.bug;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.assertion = assertion;
  e.locks_held = locks_held;
  trace.tell(on);
}
