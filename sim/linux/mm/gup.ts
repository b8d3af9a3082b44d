import type { Steps } from "../../engine/task.ts";
import {
  EAGAIN,
  EBUSY,
  EFAULT,
  EHWPOISON,
  ENOENT,
  ENOMEM,
  FOLL_ANON,
  FOLL_FORCE,
  FOLL_GET,
  FOLL_HWPOISON,
  FOLL_TOUCH,
  FOLL_WRITE,
  PAGE_SIZE,
  VM_FAULT_HWPOISON,
  VM_FAULT_OOM,
} from "../include/linux/mm.ts";
import { type mm_struct, pte_none, pte_present, isReadable, type vm_area_struct } from "../include/linux/mm_types.ts";
import { fatal_signal_pending, type task_struct } from "../include/linux/sched.ts";
import { down_read, down_read_killable, up_read } from "../kernel/locking/rwsem.ts";
import { looksForEver } from "../fs/userfaultfd.ts";
import { find_vma, pageIndex } from "./mmap.ts";
import { trace_gup_begin, trace_gup_end, trace_gup_retry, trace_section_lost } from "../../trace/events/gup.ts";

/**
 * C's `int *locked`. Entry 1: the lock is held and may be dropped. Return 1: it was never dropped. Return 0: it was dropped
 * and is not held. NULL: it must not be dropped. Also accepted on the command line as mmap_sem_hold and nonblocking.
 */
export interface LockedPointer {
  value: 0 | 1;
}

/** Does the caller still have the lock? Asked through a function: the compiler knows only the value before the call. */
export function isHeld(locked: LockedPointer): boolean {
  return locked.value === 1;
}

/** C's `struct page **pages`: the addresses of the pages got, in order. NULL means prefault: nobody wants references. */
export type PageVector = number[];

/**
 * One pass over `nr_pages` pages from `start`, the core of all variants. The caller holds the lock.
 * `vmas`, with the mapping of each page, is valid only as long as the lock is held (in C it stands before `nonblocking`).
 * Returns the pages done, which is short (even 0) after an error with progress or a RETRY, or -errno.
 *
 * Source: v3.17 and v6.18 mm/gup.c.
 * Left out: hugetlb's own walker, steps of a whole huge page, accounting of faults, cond_resched().
 */
export function* __get_user_pages(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  gup_flags: number,
  pages: PageVector | null,
  nonblocking: LockedPointer | null,
  vmas: vm_area_struct[] | null = null,
): Steps<number> {
  const { costs, ops } = current.kernel;
  let vma: vm_area_struct | null = null;
  let i = 0;
  while (i < nr_pages) {
    if (vma === null || start >= vma.vm_end) {
      vma = find_vma(mm, start);
      current.charge(costs.find_vma);
      if (vma === null || vma.vm_start > start || !check_vma_flags(vma, gup_flags)) return i === 0 ? -EFAULT : i;
    }
    let skipped = false;
    if (fatal_signal_pending(current)) return i === 0 ? -ops.fatal_signal_errno : i;
    while (!skipped && !follow_page_mask(vma, start, gup_flags)) {
      const ret = yield* ops.faultin_page(current, vma, start, gup_flags, nonblocking);
      if (ret === -EBUSY || ret === -EAGAIN) return i;
      skipped = ret === -ENOENT;
      if (ret !== 0 && !skipped) return i === 0 ? ret : i;
      if (vma.userfaultfd?.released === true && vma.pte[pageIndex(vma, start)] === pte_none)
        yield* looksForEver(current, vma, vma.userfaultfd);
      if (fatal_signal_pending(current)) return i === 0 ? -ops.fatal_signal_errno : i;
    }
    if (!skipped) {
      current.charge(costs.follow_page);
      if (pages !== null) pages.push(start);
      if (vmas !== null) vmas.push(vma);
    }
    i++;
    start += PAGE_SIZE;
  }
  return i;
}

/** May the caller have pages of this mapping? Source: v3.17 and v6.18 mm/gup.c. Left out: VM_IO, VM_PFNMAP, reading what may not be read. */
function check_vma_flags(vma: vm_area_struct, gup_flags: number): boolean {
  if (gup_flags & FOLL_ANON && vma.kind !== "anon") return false;
  return (gup_flags & (FOLL_WRITE | FOLL_FORCE)) !== FOLL_WRITE || vma.VM_WRITE;
}

/** Is the page there, and may it be written when that is asked for? Source: v3.17 mm/gup.c. Left out: special and NUMA-hinting PTEs. */
function follow_page_mask(vma: vm_area_struct, address: number, flags: number): boolean {
  const pte = vma.pte[pageIndex(vma, address)];
  return pte === pte_present || (!(flags & FOLL_WRITE) && isReadable(pte));
}

/** What a failed fault means to the caller, negative. Source: v6.18 include/linux/mm.h. */
export function vm_fault_to_errno(vm_fault: number, foll_flags: number): number {
  if (vm_fault & VM_FAULT_OOM) return -ENOMEM;
  if (vm_fault & VM_FAULT_HWPOISON) return foll_flags & FOLL_HWPOISON ? -EHWPOISON : -EFAULT;
  return -EFAULT;
}

/**
 * Gets pages with the lock held throughout, over every IO. The caller holds it.
 *
 * Source: v3.17 mm/gup.c.
 */
export function* get_user_pages(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  write: boolean,
  force: boolean,
  pages: PageVector | null,
  vmas: vm_area_struct[] | null = null,
): Steps<number> {
  if (current.settles()) yield;
  trace_gup_begin(current, mm, "get_user_pages", nr_pages, pageOf(start));
  const ret = yield* __get_user_pages(current, mm, start, nr_pages, follFlags(write, force, pages), pages, null, vmas);
  if (current.settles()) yield;
  trace_gup_end(current, mm, "get_user_pages", ret);
  return ret;
}

/**
 * Gets pages; the lock, held by the caller, may be dropped. `locked` says on return whether it was.
 *
 * Source: v4.0 mm/gup.c.
 */
export function* get_user_pages_locked(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  write: boolean,
  force: boolean,
  pages: PageVector | null,
  locked: LockedPointer,
): Steps<number> {
  const gup = current.kernel.ops.__get_user_pages_locked;
  if (current.settles()) yield;
  trace_gup_begin(current, mm, "get_user_pages_locked", nr_pages, pageOf(start));
  const ret = yield* gup(current, mm, start, nr_pages, follFlags(write, force, pages), pages, locked, true);
  if (current.settles()) yield;
  trace_gup_end(current, mm, "get_user_pages_locked", ret);
  return ret;
}

/**
 * Takes the lock, gets pages, and is without the lock on return. The drop-in replacement for take, get_user_pages, release;
 * with the axis `gup=plain` it is just that.
 *
 * Source: v4.0 mm/gup.c.
 */
export function get_user_pages_unlocked(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  write: boolean,
  force: boolean,
  pages: PageVector | null,
): Steps<number> {
  return __get_user_pages_unlocked(current, mm, start, nr_pages, follFlags(write, force, pages), pages);
}

/**
 * As {@link get_user_pages_unlocked}, with the caller's own flags (KVM adds FOLL_HWPOISON).
 *
 * Source: v4.0 mm/gup.c.
 */
export function* __get_user_pages_unlocked(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  gup_flags: number,
  pages: PageVector | null,
): Steps<number> {
  const gup = current.kernel.ops.__get_user_pages_locked;
  const locked: LockedPointer = { value: 1 };
  if (current.settles()) yield;
  trace_gup_begin(current, mm, "get_user_pages_unlocked", nr_pages, pageOf(start));
  let ret = -EAGAIN;
  if (yield* current.kernel.ops.gup_read_lock(current, mm.mmap_sem, "get_user_pages_unlocked")) {
    const { converted } = current.kernel;
    // A site that is not converted has down_read, get_user_pages, up_read in its place.
    const isConverted = converted === null || converted.has(current.site);
    ret = isConverted
      ? yield* gup(current, mm, start, nr_pages, gup_flags, pages, locked, false)
      : yield* __get_user_pages(current, mm, start, nr_pages, gup_flags, pages, null);
    if (locked.value === 1) yield* up_read(current, mm.mmap_sem, "get_user_pages_unlocked");
  }
  if (current.settles()) yield;
  trace_gup_end(current, mm, "get_user_pages_unlocked", ret);
  return ret;
}

/** The flags that the arguments of the front ends stand for. Source: v3.17 mm/gup.c. */
function follFlags(write: boolean, force: boolean, pages: PageVector | null): number {
  return FOLL_TOUCH | (pages !== null ? FOLL_GET : 0) | (write ? FOLL_WRITE : 0) | (force ? FOLL_FORCE : 0);
}

/**
 * What mlock and MAP_POPULATE ask the core for: pages of private writable mappings are written to, so that they are copied now and not
 * later; whatever else may be read or not.
 *
 * Source: v3.17 mm/mlock.c (__mlock_vma_pages_range), v6.18 mm/gup.c (populate_vma_page_range).
 * Left out: private mappings of files and memfds, which are shared ones here.
 */
export function populateFlags(vma: vm_area_struct): number {
  return FOLL_TOUCH | (vma.kind === "anon" && vma.VM_WRITE ? FOLL_WRITE : FOLL_FORCE);
}

/** Retakes the lock after a RETRY: the caller's critical section is lost. `n` counts the retries of the call. */
export function* retakeAfterRetry(current: task_struct, mm: mm_struct, n: number): Steps {
  yield* tellRetry(current, mm, n);
  yield* down_read(current, mm.mmap_sem, "__get_user_pages_locked");
}

/** {@link retakeAfterRetry}, but SIGKILL ends the wait: false. */
export function* retakeKillable(current: task_struct, mm: mm_struct, n: number): Steps<boolean> {
  yield* tellRetry(current, mm, n);
  return yield* down_read_killable(current, mm.mmap_sem, "__get_user_pages_locked");
}

function* tellRetry(current: task_struct, mm: mm_struct, n: number): Steps {
  if (current.settles()) yield;
  if (n === 1) trace_section_lost(current, mm);
  trace_gup_retry(current, mm, n);
}

function pageOf(address: number): number {
  return Math.floor(address / PAGE_SIZE);
}
