import { KeyedDraws } from "../../../engine/random.ts";
import { type mm_struct, pte_present, type vm_area_struct } from "./mm_types.ts";
import { PAGE_SIZE } from "./mm.ts";
import type { task_struct } from "./sched.ts";

/** Outstanding async page faults of a vcpu. Source: v3.17 arch/x86/include/asm/kvm_host.h. */
export const ASYNC_PF_PER_VCPU = 64;

/** The guest's second-level page table says nothing of a page. */
const spte_none = 0;
/** It maps the page for reading and writing. */
export const spte_writable = 1;
/** It maps the page for reading: a write is one more fault. */
export const spte_readable = 2;

/**
 * A virtual machine: guest memory is one mapping of the mm.
 *
 * Source: v3.17 include/linux/kvm_host.h.
 * Left out: memslots beyond one, mmu_lock (a change of the shadow pages is atomic here).
 */
export class kvm {
  readonly mm: mm_struct;
  readonly memslot: vm_area_struct;
  /** The guest's second-level page table. */
  readonly spte: Uint8Array;
  /** Counts invalidations: a fault that began before one must start again. */
  mmu_notifier_seq = 0;

  constructor(mm: mm_struct, memslot: vm_area_struct) {
    this.mm = mm;
    this.memslot = memslot;
    // Memory that is resident at the start has been touched by the guest.
    const { pte } = memslot;
    this.spte = new Uint8Array(pte.length);
    for (let gfn = 0; gfn < pte.length; gfn++) if (pte[gfn] === pte_present) this.spte[gfn] = spte_writable;
    memslot.invalidate = (gfn) => {
      this.spte[gfn] = spte_none;
      this.mmu_notifier_seq++;
    };
  }

  /** Whether the guest can make this access without a fault. */
  maps(gfn: number, write: boolean): boolean {
    const spte = this.spte[gfn];
    return spte === spte_writable || (spte === spte_readable && !write);
  }

  /** Host virtual address of a guest page. Source: v3.17 include/linux/kvm_host.h. */
  gfn_to_hva(gfn: number): number {
    return this.memslot.vm_start + gfn * PAGE_SIZE;
  }
}

/** An async page fault under way. `token` is what the guest parks the process on. Source: v3.17 include/linux/kvm_host.h. */
export interface kvm_async_pf {
  readonly gfn: number;
  readonly addr: number;
  readonly token: number;
  /** The guest was told; otherwise the vcpu halts. */
  readonly notpresent_injected: boolean;
}

/** The circumstances of one guest fault that decide how it can be delivered. */
export interface FaultContext {
  readonly write: boolean;
  /** In-kernel irqchip, no pending re-injection, guest interrupts on. */
  readonly canDoAsync: boolean;
  /** Guest user mode with async page faults enabled: the guest can switch to another process. */
  readonly userMode: boolean;
}

/** Source: v3.17 include/linux/kvm_host.h, arch/x86/include/asm/kvm_host.h. */
export class kvm_vcpu {
  readonly kvm: kvm;
  readonly task: task_struct;
  readonly vcpu_id: number;
  /** Outstanding: queued or done and not yet delivered. */
  queued = 0;
  readonly done: kvm_async_pf[] = [];
  /** Pages with an async fault under way. */
  readonly gfns = new Set<number>();
  /** The vcpu sleeps until something is done. */
  halted = false;
  /** It sleeps in kvm_vcpu_block(). */
  blocked = false;
  nextToken = 0;
  /** Names what is drawn for its async page faults. */
  readonly works: KeyedDraws;

  constructor(kvm: kvm, task: task_struct, vcpu_id: number) {
    this.kvm = kvm;
    this.task = task;
    this.vcpu_id = vcpu_id;
    this.works = new KeyedDraws(task.seed, task.name, "async_pf");
  }
}
