import type { Steps } from "../engine/task.ts";
import type { Backing, mm_struct, page, vm_area_struct } from "./include/linux/mm_types.ts";
import type { task_struct } from "./include/linux/sched.ts";
import type { rw_semaphore, rwsem_policy } from "./include/linux/rwsem.ts";
import type { userfaultfd_ctx } from "./fs/userfaultfd.ts";
import type { LockedPointer, PageVector } from "./mm/gup.ts";
import type { Advice } from "./mm/syscalls/madvise.ts";
import type { VmaLockRules } from "./mm/mmap_lock.ts";
import type { PfnResult } from "./virt/kvm/kvm_main.ts";

/**
 * The functions and tables that exist in several forms; a kernel has one of each. Documented where they are defined.
 *
 * Source: each function's own.
 */
export interface KernelOps {
  readonly rwsem: rwsem_policy;
  /** Null where there are no per-VMA locks. */
  readonly vma_lock: VmaLockRules | null;
  readonly fatal_signal_errno: number;
  /** "Page ready" is an interrupt that the guest acknowledges by a write to an MSR, one more exit; before, an exception. */
  readonly apf_ready_acked: boolean;
  /** khugepaged brings swapped pages in, and when that dropped the lock it goes on, or gives up. */
  readonly khugepaged_swapin: "no" | "goes on" | "gives up";
  /** A fault on a page of zram reads that page alone. Source: v4.15 mm/memory.c (SWP_SYNCHRONOUS_IO). */
  readonly synchronous_swap_skips_cluster: boolean;
  swapin_readahead(current: task_struct, vma: vm_area_struct, backing: Backing, index: number): page;
  count_swap_hit(vma: vm_area_struct, index: number, page: page): void;
  /** khugepaged waits for the lock. */
  readonly khugepaged_waits: boolean;
  /** mremap moves page tables as a whole. Source: v4.20 mm/mremap.c. */
  readonly move_normal_pmd: boolean;
  gup_read_lock(current: task_struct, sem: rw_semaphore, func: string): Steps<boolean>;
  __get_user_pages_locked(
    current: task_struct,
    mm: mm_struct,
    start: number,
    nr_pages: number,
    flags: number,
    pages: PageVector | null,
    locked: LockedPointer,
    notify_drop: boolean,
    vmas?: vm_area_struct[] | null,
  ): Steps<number>;
  faultin_page(
    current: task_struct,
    vma: vm_area_struct,
    address: number,
    flags: number,
    locked: LockedPointer | null,
  ): Steps<number>;
  populate_pass(
    current: task_struct,
    vma: vm_area_struct,
    start: number,
    nr_pages: number,
    locked: LockedPointer,
  ): Steps<number>;
  madv_populate_pass(
    current: task_struct,
    mm: mm_struct,
    start: number,
    nr_pages: number,
    locked: LockedPointer,
  ): Steps<number>;
  __lock_page_or_retry(current: task_struct, vma: vm_area_struct, page: page, flags: number): Steps<boolean>;
  filemap_fault(
    current: task_struct,
    vma: vm_area_struct,
    backing: Backing,
    index: number,
    flags: number,
  ): Steps<number>;
  handle_userfault(
    current: task_struct,
    vma: vm_area_struct,
    ctx: userfaultfd_ctx,
    index: number,
    flags: number,
  ): Steps<number>;
  fault_dirty_shared_page(current: task_struct, vma: vm_area_struct, index: number, flags: number): Steps<number>;
  do_user_addr_fault(
    current: task_struct,
    mm: mm_struct,
    address: number,
    write: boolean,
    user_mode: boolean,
  ): Steps<number>;
  vm_munmap(current: task_struct, mm: mm_struct, start: number, nr_pages: number): Steps<number>;
  async_pf_get_user_page(current: task_struct, mm: mm_struct, addr: number): Steps<number>;
  hva_to_pfn(current: task_struct, mm: mm_struct, addr: number, async: boolean, write_fault: boolean): Steps<PfnResult>;
  hva_to_pfn_slow(
    current: task_struct,
    mm: mm_struct,
    addr: number,
    async: boolean,
    write_fault: boolean,
  ): Steps<number>;
  show_maps(current: task_struct, mm: mm_struct): Steps;
  show_smaps_rollup(current: task_struct, mm: mm_struct): Steps;
  clear_refs_write(current: task_struct, mm: mm_struct): Steps;
  proc_pid_cmdline_read(current: task_struct, mm: mm_struct): Steps;
  environ_read(current: task_struct, mm: mm_struct): Steps;
  do_get_mempolicy(current: task_struct, mm: mm_struct, addr: number): Steps<number>;
  do_pages_move(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number>;
  unuse_mm(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number>;
  dump_user_range(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number>;
  io_pin_pages(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number>;
  do_madvise(current: task_struct, mm: mm_struct, start: number, nr_pages: number, advice: Advice): Steps<number>;
}
