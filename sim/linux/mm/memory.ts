import type { Steps } from "../../engine/task.ts";
import {
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  FOLL_GET,
  FOLL_TOUCH,
  PAGE_SIZE,
  VM_FAULT_ERROR,
  VM_FAULT_HWPOISON,
  VM_FAULT_MAJOR,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
} from "../include/linux/mm.ts";
import {
  type Backing,
  type mm_struct,
  pte_cow,
  pte_file,
  pte_hwpoison,
  pte_migration,
  pte_none,
  pte_present,
  pte_sigbus,
  pte_swap,
  pte_unmapped,
  pte_writeback,
  type vm_area_struct,
} from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_read, down_read_trylock, up_read } from "../kernel/locking/rwsem.ts";
import { __get_user_pages } from "./gup.ts";
import { hugetlb_fault } from "./hugetlb.ts";
import { migration_entry_wait, page_mkwrite } from "./syscalls/migrate.ts";
import { pageIndex } from "./mmap.ts";
import { release_fault_lock } from "./mmap_lock.ts";
import { allocationStall, findCached, queueFull } from "./swap/page_io.ts";
import { shmem_fault } from "./shmem.ts";
import { trace_fault_begin, trace_fault_end } from "../../trace/events/fault.ts";
import { trace_gup_begin, trace_gup_end } from "../../trace/events/gup.ts";

/**
 * Makes the page at `address` present. The caller holds the lock for read (with FAULT_FLAG_VMA_LOCK that of the mapping); it is
 * dropped on return when the answer has COMPLETED, and when it has RETRY and the flags do not have RETRY_NOWAIT. Returns result
 * bits.
 *
 * Source: v3.17 and v6.18 mm/memory.c.
 * Left out: NUMA hinting, memcg, protection faults.
 */
export function* handle_mm_fault(
  current: task_struct,
  vma: vm_area_struct,
  address: number,
  flags: number,
): Steps<number> {
  if (current.settles()) yield;
  const index = pageIndex(vma, address);
  trace_fault_begin(current, vma.vm_mm, vma, index, flags);
  const fault = handle_pte_fault(current, vma, index, flags);
  const ret = typeof fault === "number" ? fault : yield* fault;
  if (current.settles()) yield;
  trace_fault_end(current, vma.vm_mm, faultKind(vma, ret), index, ret);
  return ret;
}

function faultKind(vma: vm_area_struct, ret: number): string {
  if (ret & VM_FAULT_ERROR) return ret & VM_FAULT_HWPOISON ? "hwpoison" : "sigbus";
  const size = ret & VM_FAULT_MAJOR ? "major" : "minor";
  return `${vma.kind}-${size}${ret & VM_FAULT_RETRY ? "-retry" : ""}`;
}

/** The answer, where nothing has to be waited for, or how it is come by. Source: v3.17 and v6.18 mm/memory.c. */
function handle_pte_fault(
  current: task_struct,
  vma: vm_area_struct,
  index: number,
  flags: number,
): Steps<number> | number {
  const { costs } = current.kernel;
  switch (vma.pte[index]) {
    case pte_none:
      if (vma.userfaultfd !== null) {
        current.charge(costs.prepare_fault);
        return current.kernel.ops.handle_userfault(current, vma, vma.userfaultfd, index, flags);
      }
      if (vma.kind === "hugetlb") return hugetlb_fault(current, vma, index);
      return do_anonymous_page(current, vma, index, flags);
    case pte_cow:
      return flags & FAULT_FLAG_WRITE ? do_wp_page(current, vma, index) : 0;
    case pte_writeback:
      return flags & FAULT_FLAG_WRITE ? page_mkwrite(current, vma, index) : 0;
    case pte_migration:
      return migration_entry_wait(current, vma, index);
    case pte_sigbus:
    case pte_unmapped:
      current.charge(costs.fail_fault);
      return VM_FAULT_SIGBUS;
    case pte_hwpoison:
      current.charge(costs.fail_fault);
      return VM_FAULT_HWPOISON;
    case pte_swap:
      if (vma.kind === "shmem") return shmem_fault(current, vma, vma.backing as Backing, index);
      return do_swap_page(current, vma, vma.backing as Backing, index, flags);
    case pte_file:
      return do_file_fault(current, vma, vma.backing as Backing, index, flags);
    default:
      return 0;
  }
}

/**
 * The first touch of an anonymous page: allocate and clear it, a huge page where that is allowed.
 *
 * Source: v3.17 and v6.18 mm/memory.c, mm/huge_memory.c (do_huge_pmd_anonymous_page).
 * Left out: the zero page of a read fault as such: the page is there for writing, too, where the kernel would fault once more.
 */
function* do_anonymous_page(current: task_struct, vma: vm_area_struct, index: number, flags: number): Steps<number> {
  const { costs } = current.kernel;
  // A read finds the zero page, which needs no anon_vma.
  const prepares = !vma.anon_vma && (flags & FAULT_FLAG_WRITE) !== 0;
  if (prepares && !(yield* vmf_anon_prepare(current, vma, flags))) return VM_FAULT_RETRY;
  if (vma.direct_reclaim !== null) yield* allocationStall(current, vma, index);
  if (!vma.thp) {
    current.charge(costs.anon_fault);
    if (vma.pte[index] === pte_none) vma.map(index);
    return 0;
  }
  current.charge(costs.thp_fault);
  vma.mapHuge(index);
  return 0;
}

/**
 * Gives a fresh mapping its anon_vma. Under the VMA lock that takes mmap_lock, by trylock: false when it fails, even if a writer
 * merely waits; then the lock is gone and the whole fault is done again under mmap_lock.
 *
 * Source: v6.12 mm/memory.c (vmf_anon_prepare).
 */
function* vmf_anon_prepare(current: task_struct, vma: vm_area_struct, flags: number): Steps<boolean> {
  const { mmap_sem } = vma.vm_mm;
  if (flags & FAULT_FLAG_VMA_LOCK && !(yield* down_read_trylock(current, mmap_sem, "vmf_anon_prepare"))) {
    yield* release_fault_lock(current, vma, flags, "vmf_anon_prepare");
    return false;
  }
  current.charge(current.kernel.costs.anon_vma_prepare);
  vma.anon_vma = true;
  if (flags & FAULT_FLAG_VMA_LOCK) yield* up_read(current, mmap_sem, "vmf_anon_prepare");
  return true;
}

/** Copies a page that was shared until now. Source: v3.17 mm/memory.c. */
function* do_wp_page(current: task_struct, vma: vm_area_struct, index: number): Steps<number> {
  if (vma.direct_reclaim !== null) yield* allocationStall(current, vma, index);
  current.charge(current.kernel.costs.cow_page);
  if (vma.pte[index] === pte_cow) vma.setPte(index, pte_present);
  return 0;
}

/**
 * Brings a swapped page in. The read is submitted with the lock held, whatever the flags; the wait is the page lock's.
 *
 * Source: v3.17 and v6.18 mm/memory.c.
 * Left out: KSM, memcg charge (and so -ENOMEM), freeing the swap slot.
 */
function* do_swap_page(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
  flags: number,
): Steps<number> {
  const { ops, costs } = current.kernel;
  // v6.4 does not swap in under a VMA lock.
  if (flags & FAULT_FLAG_VMA_LOCK && ops.vma_lock?.swap !== true) {
    yield* release_fault_lock(current, vma, flags, "do_swap_page");
    return VM_FAULT_RETRY;
  }
  let ret = 0;
  let page = findCached(current, vma, index);
  if (page === null) {
    ret = VM_FAULT_MAJOR;
    current.charge(costs.prepare_fault);
    if (!backing.synchronous) current.charge(costs.io_submit);
    if (current.settles()) yield;
    if (vma.direct_reclaim !== null) yield* allocationStall(current, vma, index);
    if (backing.device.isFull) yield* queueFull(current, backing);
    // Another task may have got there first, while we prepared.
    if (vma.pte[index] !== pte_swap) return 0;
    page = findCached(current, vma, index);
    if (page === null) page = ops.swapin_readahead(current, vma, backing, index);
    else ret = 0;
  } else {
    ops.count_swap_hit(vma, index, page);
  }

  page.count++;
  const locked = yield* ops.__lock_page_or_retry(current, vma, page, flags);
  page.count--;
  if (!locked) return ret | VM_FAULT_RETRY;
  // It stays in the swap cache as it is: whoever comes next gets SIGBUS without another read.
  if (!page.uptodate) return VM_FAULT_SIGBUS;
  // C: pte_same(). Another task may have mapped it while we waited.
  if (vma.pte[index] === pte_swap) vma.map(index);
  current.charge(costs.map_page);
  return ret;
}

/**
 * Source: v3.17 and v6.18 mm/memory.c (do_read_fault, do_shared_fault).
 * Left out: fault-around, the copy of a private mapping's page.
 */
function* do_file_fault(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
  flags: number,
): Steps<number> {
  const { ops, costs } = current.kernel;
  const ret = yield* ops.filemap_fault(current, vma, backing, index, flags);
  if (ret & (VM_FAULT_ERROR | VM_FAULT_RETRY)) return ret;
  if (vma.pte[index] === pte_file) vma.map(index);
  current.charge(costs.map_page);
  if (vma.dirty_throttle === null || !(flags & FAULT_FLAG_WRITE)) return ret;
  return ret | (yield* ops.fault_dirty_shared_page(current, vma, index, flags));
}

/**
 * Reads, or with FOLL_WRITE writes, `len` bytes of another process: one hold around all pages, plain get_user_pages one page at a
 * time. Every kernel to this day holds the lock over the IO here. Returns the bytes, short when a page cannot be had.
 *
 * Source: v3.17 and v6.18 mm/memory.c.
 * Left out: access to device memory, the killable wait of later kernels.
 */
export function* __access_remote_vm(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  len: number,
  gup_flags: number,
): Steps<number> {
  const { costs } = current.kernel;
  let done = 0;
  yield* down_read(current, mm.mmap_sem, "__access_remote_vm");
  while (done < len) {
    const flags = gup_flags | FOLL_TOUCH | FOLL_GET;
    if (current.settles()) yield;
    trace_gup_begin(current, mm, "get_user_pages", 1, Math.floor((addr + done) / PAGE_SIZE));
    const ret = yield* __get_user_pages(current, mm, addr + done, 1, flags, [], null);
    if (current.settles()) yield;
    trace_gup_end(current, mm, "get_user_pages", ret);
    if (ret <= 0) break;
    current.charge(costs.copy_page + costs.put_page);
    done = Math.min(len, done + PAGE_SIZE);
  }
  yield* up_read(current, mm.mmap_sem, "__access_remote_vm");
  return done;
}
