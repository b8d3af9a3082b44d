import type { Steps } from "../../../engine/task.ts";
import {
  ASYNC_PF_PER_VCPU,
  type FaultContext,
  type kvm_async_pf,
  type kvm_vcpu,
} from "../../include/linux/kvm_host.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import type { workqueue_struct } from "../../kernel/workqueue.ts";
import { trace_kvm_async_pf_not_present } from "../../../trace/events/kvm.ts";
import { trace_work_begin, trace_work_end } from "../../../trace/events/work.ts";

/** What the async page faults of a vcpu need from the rest of the machine. */
export interface AsyncPfHost {
  readonly workqueue: workqueue_struct;
}

/**
 * Hands a fault to a worker and tells the guest, or has the vcpu halt. Returns the fault under way, null when the vcpu has
 * too many already: then the fault is synchronous.
 *
 * Source: v3.17 virt/kvm/async_pf.c (kvm_setup_async_pf), arch/x86/kvm/x86.c (kvm_arch_async_page_not_present).
 * Left out: a failing GFP_NOWAIT allocation.
 */
export function kvm_setup_async_pf(
  vcpu: kvm_vcpu,
  gfn: number,
  context: FaultContext,
  host: AsyncPfHost,
): kvm_async_pf | null {
  if (vcpu.queued >= ASYNC_PF_PER_VCPU) return null;
  const work: kvm_async_pf = {
    gfn,
    addr: vcpu.kvm.gfn_to_hva(gfn),
    token: vcpu.nextToken++,
    notpresent_injected: context.userMode,
  };
  vcpu.task.charge(vcpu.task.kernel.costs.queue_work);
  const substream = vcpu.works.key(gfn, vcpu.kvm.memslot.readsOf(gfn));
  host.workqueue.schedule_work((current) => async_pf_execute(current, vcpu, work), substream);
  vcpu.queued++;
  vcpu.gfns.add(gfn);
  if (!context.userMode) vcpu.halted = true;
  const how = context.userMode ? "guest" : "halt";
  trace_kvm_async_pf_not_present(vcpu.task, how, gfn, work.token);
  return work;
}

/**
 * The worker: waits for the page, writable, without wanting a reference, and wakes the vcpu if it halts.
 *
 * Source: v3.17 and v4.0 virt/kvm/async_pf.c.
 */
function* async_pf_execute(current: task_struct, vcpu: kvm_vcpu, work: kvm_async_pf): Steps {
  const { nr } = vcpu.task;
  current.site = "async_pf_execute";
  if (current.settles()) yield;
  trace_work_begin(current, "async_pf_execute", work.token, nr);
  yield* current.kernel.ops.async_pf_get_user_page(current, vcpu.kvm.mm, work.addr);
  if (current.settles()) yield;
  trace_work_end(current, "async_pf_execute", work.token, nr);
  vcpu.done.push(work);
  if (vcpu.blocked) current.kernel.cpus.wake(vcpu.task, 0);
}
