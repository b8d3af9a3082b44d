import type { Steps } from "../../engine/task.ts";
import { PAGE_SIZE, VM_FAULT_ERROR, VM_FAULT_MAJOR, VM_FAULT_RETRY, VM_FAULT_SIGBUS } from "../include/linux/mm.ts";
import {
  type Backing,
  type mm_struct,
  pte_none,
  pte_present,
  pte_sigbus,
  pte_swap,
  type vm_area_struct,
} from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_read, up_read } from "../kernel/locking/rwsem.ts";
import { __lock_page_or_retry, filemap_fault } from "./filemap.ts";
import { get_user_pages } from "./gup.ts";
import { pageIndex } from "./mmap.ts";
import { findCached } from "./page_io.ts";
import { swapin_readahead } from "./swap_state.ts";

/**
 * Makes the page at `address` present. The caller holds the lock for read; it is dropped on return exactly when the answer
 * has RETRY and the flags do not have RETRY_NOWAIT. Returns result bits.
 *
 * Source: v3.17 mm/memory.c.
 * Left out: COW, huge pages, NUMA hinting, memcg; each fault does one of the four things below.
 */
export function* handle_mm_fault(
  current: task_struct,
  vma: vm_area_struct,
  address: number,
  flags: number,
): Steps<number> {
  if (current.settles()) yield;
  const { kernel } = current;
  const index = pageIndex(vma, address);
  const mm = vma.vm_mm.name;
  kernel.trace.emit("fault_begin", kernel.sim.now, current.nr, mm, "R", current.site, vma.name, index, flags);
  const ret = yield* handle_pte_fault(current, vma, index, flags);
  if (current.settles()) yield;
  const kind = faultKind(vma, ret);
  kernel.trace.emit("fault_end", kernel.sim.now, current.nr, mm, "R", current.site, kind, index, ret);
  return ret;
}

function faultKind(vma: vm_area_struct, ret: number): string {
  if (ret & VM_FAULT_ERROR) return "sigbus";
  const size = ret & VM_FAULT_MAJOR ? "major" : "minor";
  return `${vma.kind}-${size}${ret & VM_FAULT_RETRY ? "-retry" : ""}`;
}

/** Source: v3.17 mm/memory.c. */
function* handle_pte_fault(current: task_struct, vma: vm_area_struct, index: number, flags: number): Steps<number> {
  const { costs } = current.kernel;
  switch (vma.pte[index]) {
    case pte_present:
      return 0;
    case pte_none:
      current.charge(costs.anon_fault);
      vma.map(index);
      return 0;
    case pte_sigbus:
      current.charge(costs.fail_fault);
      return VM_FAULT_SIGBUS;
    case pte_swap:
      return yield* do_swap_page(current, vma, vma.backing as Backing, index, flags);
    default:
      return yield* do_file_fault(current, vma, vma.backing as Backing, index, flags);
  }
}

/**
 * Brings a swapped page in. The read is submitted with the lock held, whatever the flags; the wait is the page lock's.
 *
 * Source: v3.17 mm/memory.c.
 * Left out: KSM, memcg charge (and so -ENOMEM), freeing the swap slot.
 */
function* do_swap_page(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
  flags: number,
): Steps<number> {
  let ret = 0;
  let page = findCached(current, vma, index);
  if (page === null) {
    ret = VM_FAULT_MAJOR;
    if (!backing.synchronous) current.charge(current.kernel.costs.io_submit);
    if (current.settles()) yield;
    // Another task may have got there first, while we prepared.
    if (vma.pte[index] === pte_present) return 0;
    page = findCached(current, vma, index);
    if (page === null) page = swapin_readahead(current, vma, backing, index);
    else ret = 0;
  } else if (page.readahead) {
    page.readahead = false;
    vma.ra.swapin_readahead_hits++;
  }

  page.count++;
  const locked = yield* __lock_page_or_retry(current, vma, page, flags);
  page.count--;
  if (!locked) return ret | VM_FAULT_RETRY;

  // C: pte_same(). Another task may have mapped it while we waited.
  if (vma.pte[index] !== pte_present) vma.map(index);
  current.charge(current.kernel.costs.map_page);
  return ret;
}

/**
 * Source: v3.17 mm/memory.c (do_read_fault, do_shared_fault).
 * Left out: fault-around, COW of private mappings, page_mkwrite.
 */
function* do_file_fault(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
  flags: number,
): Steps<number> {
  const ret = yield* filemap_fault(current, vma, backing, index, flags);
  if (ret & (VM_FAULT_ERROR | VM_FAULT_RETRY)) return ret;
  if (vma.pte[index] !== pte_present) vma.map(index);
  current.charge(current.kernel.costs.map_page);
  return ret;
}

/**
 * Reads `len` bytes of another process: one hold around all pages, plain get_user_pages one page at a time. Every kernel to
 * this day holds the lock over the IO here. Returns the bytes read, short when a page cannot be had.
 *
 * Source: v3.17 mm/memory.c.
 * Left out: access to device memory, writing.
 */
export function* __access_remote_vm(current: task_struct, mm: mm_struct, addr: number, len: number): Steps<number> {
  const { costs } = current.kernel;
  let done = 0;
  yield* down_read(current, mm.mmap_sem, "__access_remote_vm");
  while (done < len) {
    const page: number[] = [];
    const ret = yield* get_user_pages(current, mm, addr + done, 1, false, true, page);
    if (ret <= 0) break;
    current.charge(costs.copy_page + costs.put_page);
    done = Math.min(len, done + PAGE_SIZE);
  }
  yield* up_read(current, mm.mmap_sem, "__access_remote_vm");
  return done;
}
