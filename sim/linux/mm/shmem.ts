import type { Steps } from "../../engine/task.ts";
import { VM_FAULT_MAJOR, VM_FAULT_SIGBUS } from "../include/linux/mm.ts";
import { type Backing, pte_swap, type vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { wait_on_page_locked } from "./filemap.ts";
import { allocationStall, findCached, queueFull } from "./swap/page_io.ts";
import { swap_cluster_readahead } from "./swap/swap_state.ts";

/**
 * Brings a swapped page of a memfd or tmpfs in. It waits with a plain lock_page(), with whatever lock the fault has: no flag, not
 * even NOWAIT, makes it drop the lock or return without the page.
 *
 * Source: v3.17 and v6.18 mm/shmem.c (shmem_getpage_gfp, shmem_swapin_folio).
 * Left out: hole punching, quotas.
 */
export function* shmem_fault(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
): Steps<number> {
  const { costs } = current.kernel;
  let ret = 0;
  let page = findCached(current, vma, index);
  if (page === null) {
    ret = VM_FAULT_MAJOR;
    current.charge(costs.prepare_fault);
    if (!backing.synchronous) current.charge(costs.io_submit);
    if (current.settles()) yield;
    if (vma.direct_reclaim !== null) yield* allocationStall(current, vma, index);
    if (backing.device.isFull) yield* queueFull(current, backing);
    if (vma.pte[index] !== pte_swap) return 0;
    page = findCached(current, vma, index) ?? swap_cluster_readahead(current, vma, backing, index);
  }
  yield* wait_on_page_locked(current, vma, page, false);
  if (!page.uptodate) return VM_FAULT_SIGBUS;
  if (vma.pte[index] === pte_swap) vma.map(index);
  current.charge(costs.map_page);
  return ret;
}
