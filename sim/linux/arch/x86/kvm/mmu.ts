import type { Steps } from "../../../../engine/task.ts";
import {
  type FaultContext,
  type kvm_async_pf,
  type kvm_vcpu,
  spte_readable,
  spte_writable,
} from "../../../include/linux/kvm_host.ts";
import { pte_present } from "../../../include/linux/mm_types.ts";
import { type AsyncPfHost, kvm_setup_async_pf } from "../../../virt/kvm/async_pf.ts";

/** What became of a guest fault. `apf` is the fault that the guest was told of. */
export type FaultOutcome =
  | { readonly kind: "mapped" | "refault" | "halt" | "error" }
  | { readonly kind: "not-present"; readonly apf: kvm_async_pf };

const mapped: FaultOutcome = { kind: "mapped" };
const refault: FaultOutcome = { kind: "refault" };
const halt: FaultOutcome = { kind: "halt" };
const error: FaultOutcome = { kind: "error" };

/**
 * Resolves a guest access to a page that the second-level table does not map. With `prefault` the fault is repeated for an
 * async page fault that is done: it may not go async again.
 *
 * An invalidation of any page between the beginning and the end throws the work away: the guest faults again.
 *
 * Source: v3.17 arch/x86/kvm/mmu.c (tdp_page_fault, try_async_pf).
 * Left out: huge pages, MMIO.
 */
export function* tdp_page_fault(
  vcpu: kvm_vcpu,
  gfn: number,
  context: FaultContext,
  prefault: boolean,
  host: AsyncPfHost,
): Steps<FaultOutcome> {
  const { kvm, task: current } = vcpu;
  const { hva_to_pfn } = current.kernel.ops;
  const mmu_seq = kvm.mmu_notifier_seq;
  const addr = kvm.gfn_to_hva(gfn);

  let pfn = yield* hva_to_pfn(current, kvm.mm, addr, true, context.write);
  if (pfn === "async") {
    if (!prefault && context.canDoAsync) {
      // Someone on this vcpu waits for the page already: nothing to do until it is there.
      if (vcpu.gfns.has(gfn)) {
        vcpu.halted = true;
        return halt;
      }
      if (current.settles()) yield;
      const apf = kvm_setup_async_pf(vcpu, gfn, context, host);
      if (apf !== null) return apf.notpresent_injected ? { kind: "not-present", apf } : halt;
    }
    pfn = yield* hva_to_pfn(current, kvm.mm, addr, false, context.write);
  }
  current.charge(current.kernel.costs.kvm_map);
  if (current.settles()) yield;
  if (pfn !== "pfn") return error;
  if (mmu_notifier_retry(vcpu, mmu_seq)) return refault;
  kvm.spte[gfn] = context.write || kvm.memslot.pte[gfn] === pte_present ? spte_writable : spte_readable;
  return mapped;
}

/** Source: v3.17 include/linux/kvm_host.h. Left out: an invalidation that is still running. */
function mmu_notifier_retry(vcpu: kvm_vcpu, mmu_seq: number): boolean {
  return vcpu.kvm.mmu_notifier_seq !== mmu_seq;
}
