import type { Steps } from "../../../../engine/task.ts";
import type { FaultContext, kvm_vcpu } from "../../../include/linux/kvm_host.ts";
import type { AsyncPfHost } from "../../../virt/kvm/async_pf.ts";
import { tdp_page_fault } from "./mmu.ts";
import { trace_kvm_async_pf_ready } from "../../../../trace/events/kvm.ts";

/** A fault repeated for the guest: a read, that may not go async again. */
const prefaultContext: FaultContext = { write: false, canDoAsync: false, userMode: false };

/**
 * Delivers what the workers have finished: repeats each fault, so that the page is mapped in the guest, then tells the
 * guest, which wakes the process that waits for the token, and ends a halt.
 *
 * Source: v3.17 virt/kvm/async_pf.c (kvm_check_async_pf_completion), arch/x86/kvm/x86.c (kvm_arch_async_page_ready,
 * kvm_arch_async_page_present).
 * Left out: a guest that cannot take the exception at the moment.
 */
export function* kvm_check_async_pf_completion(
  vcpu: kvm_vcpu,
  host: AsyncPfHost,
  pageReady: (token: number) => void,
): Steps {
  const { task: current } = vcpu;
  for (let work = vcpu.done.shift(); work !== undefined; work = vcpu.done.shift()) {
    yield* tdp_page_fault(vcpu, work.gfn, prefaultContext, true, host);
    if (current.settles()) yield;
    trace_kvm_async_pf_ready(current, work.gfn, work.token);
    vcpu.gfns.delete(work.gfn);
    vcpu.queued--;
    vcpu.halted = false;
    if (work.notpresent_injected) {
      if (current.kernel.ops.apf_ready_acked) current.charge(current.kernel.costs.vm_exit);
      pageReady(work.token);
    }
  }
}

/**
 * The vcpu thread sleeps until an async page fault is done.
 *
 * Source: v3.17 virt/kvm/kvm_main.c.
 * Left out: interrupts, which wake it too; polling before it sleeps (later kernels).
 */
export function* kvm_vcpu_block(vcpu: kvm_vcpu, reason: "apf-halt" | "guest-idle"): Steps {
  const { task: current } = vcpu;
  // An idle guest halts, which is an exit of its own.
  if (reason === "guest-idle") current.charge(current.kernel.costs.vm_exit);
  if (current.settles()) yield;
  while (vcpu.done.length === 0) {
    vcpu.blocked = true;
    current.sleepFor(reason);
    yield;
    current.wokeFrom(reason);
  }
  vcpu.blocked = false;
}
