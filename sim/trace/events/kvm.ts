import type { Tracing } from "../trace.ts";

/** A page is not there: the guest is told, or the vcpu is halted. Source: v3.17 include/trace/events/kvm.h. */
export function trace_kvm_async_pf_not_present(current: Tracing, how: string, gfn: number, token: number): void {
  const { trace } = current;
  const on = trace.on.kvm_async_pf_not_present;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.how = how;
  e.gfn = gfn;
  e.token = token;
  trace.tell(on);
}

/** It is there now. Source: v3.17 include/trace/events/kvm.h. */
export function trace_kvm_async_pf_ready(current: Tracing, gfn: number, token: number): void {
  const { trace } = current;
  const on = trace.on.kvm_async_pf_ready;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = current.sim.now;
  e.task = current.nr;
  e.site = current.site;
  e.gfn = gfn;
  e.token = token;
  trace.tell(on);
}
