import type { Steps } from "../../engine/task.ts";
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_KILLABLE,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_TRIED,
  VM_FAULT_LOCKED,
  VM_FAULT_MAJOR,
  VM_FAULT_RETRY,
} from "../include/linux/mm.ts";
import { type Backing, type page, pte_file, type vm_area_struct } from "../include/linux/mm_types.ts";
import { fatal_signal_pending, type task_struct } from "../include/linux/sched.ts";
import { up_read } from "../kernel/locking/rwsem.ts";
import { findCached, readPages } from "./page_io.ts";

/** Misses after which synchronous read-around is given up. Source: v3.17 mm/filemap.c. */
const MMAP_LOTSAMISS = 100;

/**
 * Gets `page` locked, or says RETRY (returns false). Where the wait happens is the heart of the matter:
 *
 * | flags | lock during the wait | answer |
 * | --- | --- | --- |
 * | none | held | locked |
 * | KILLABLE | held | locked; killed: retry, lock dropped |
 * | ALLOW_RETRY | dropped | retry |
 * | ALLOW_RETRY + RETRY_NOWAIT | held, no wait | retry, lock held |
 *
 * Source: v3.17 mm/filemap.c.
 */
export function* __lock_page_or_retry(
  current: task_struct,
  vma: vm_area_struct,
  page: page,
  flags: number,
): Steps<boolean> {
  if (current.settles()) yield;
  if (!page.locked) return true;
  const sem = vma.vm_mm.mmap_sem;
  if (flags & FAULT_FLAG_ALLOW_RETRY) {
    // The caller must not let the lock go when it sees RETRY: it is still held only with NOWAIT.
    if (flags & FAULT_FLAG_RETRY_NOWAIT) return false;
    yield* up_read(current, sem, "__lock_page_or_retry");
    yield* wait_on_page_locked(current, vma, page, (flags & FAULT_FLAG_KILLABLE) !== 0);
    return false;
  }
  yield* wait_on_page_locked(current, vma, page, (flags & FAULT_FLAG_KILLABLE) !== 0);
  if (page.locked) {
    yield* up_read(current, sem, "__lock_page_or_retry");
    return false;
  }
  return true;
}

/**
 * Sleeps until the IO on `page` is done, or, when `killable`, until SIGKILL. Mapping a page takes no time between lock and
 * unlock here, so whoever finds it unlocked has it.
 *
 * Source: v3.17 mm/filemap.c.
 */
function* wait_on_page_locked(current: task_struct, vma: vm_area_struct, page: page, killable: boolean): Steps {
  if (current.settles()) yield;
  const reason = (vma.backing as Backing).ioClass;
  page.count++;
  while (page.locked && !(killable && fatal_signal_pending(current))) {
    page.waiters.push(current);
    current.sleepFor(reason, killable);
    yield;
    current.wokeFrom(reason);
  }
  page.count--;
}

/**
 * Finds or reads the page of a file mapping. In v3.17 each read is submitted with the lock held; only the wait for the page
 * lock may drop it. Returns result bits; with LOCKED the page is there.
 *
 * Source: v3.17 mm/filemap.c.
 * Left out: truncation (a page stays in its file), read errors.
 */
export function* filemap_fault(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
  flags: number,
): Steps<number> {
  let ret = 0;
  if (current.settles()) yield;
  let page = findCached(current, vma, index);
  if (page !== null && !(flags & FAULT_FLAG_TRIED)) {
    yield* do_async_mmap_readahead(current, vma, backing, page);
  } else if (page === null) {
    ret = VM_FAULT_MAJOR;
    yield* do_sync_mmap_readahead(current, vma, backing, index);
    page = findCached(current, vma, index);
    if (page === null) page = yield* page_cache_read(current, vma, backing, index);
  }
  page.count++;
  const locked = yield* __lock_page_or_retry(current, vma, page, flags);
  page.count--;
  return locked ? ret | VM_FAULT_LOCKED : ret | VM_FAULT_RETRY;
}

/**
 * Read-around: a window of the device's size around the missing page. Nothing for MADV_RANDOM, or after too many misses.
 *
 * Source: v3.17 mm/filemap.c.
 * Left out: VM_SEQ_READ.
 */
function* do_sync_mmap_readahead(current: task_struct, vma: vm_area_struct, backing: Backing, index: number): Steps {
  if (vma.VM_RAND_READ || backing.maxReadahead <= 1) return;
  const { ra } = vma;
  if (ra.mmap_miss < MMAP_LOTSAMISS * 10) ra.mmap_miss++;
  if (ra.mmap_miss > MMAP_LOTSAMISS) return;
  const start = Math.max(0, index - Math.floor(backing.maxReadahead / 2));
  yield* ra_submit(current, vma, backing, index, start);
}

/**
 * A hit: one miss less to remember; at the marker the next window is started.
 *
 * Source: v3.17 mm/filemap.c.
 */
function* do_async_mmap_readahead(current: task_struct, vma: vm_area_struct, backing: Backing, page: page): Steps {
  if (vma.VM_RAND_READ) return;
  if (vma.ra.mmap_miss > 0) vma.ra.mmap_miss--;
  if (!page.readahead) return;
  page.readahead = false;
  const next = page.index + Math.floor(backing.maxReadahead / 4);
  if (next < vma.nrPages) yield* ra_submit(current, vma, backing, next, next);
}

/** Source: v3.17 mm/readahead.c, mm/internal.h. Left out: pages that are cached and mapped elsewhere. */
function* ra_submit(current: task_struct, vma: vm_area_struct, backing: Backing, wanted: number, start: number): Steps {
  current.charge(current.kernel.costs.io_submit);
  if (current.settles()) yield;
  const end = Math.min(vma.nrPages, start + backing.maxReadahead);
  const isMissing = (i: number): boolean => vma.pte[i] === pte_file && findCached(current, vma, i) === null;
  if (!isMissing(wanted)) return;
  const indices: [number, ...number[]] = [wanted];
  for (let i = start; i < end; i++) if (i !== wanted && isMissing(i)) indices.push(i);
  readPages(current, vma, backing, indices);
  const marker = vma.cache.get(end - Math.floor(backing.maxReadahead / 4));
  if (marker !== undefined) marker.readahead = true;
}

/** Reads one page, no more. Source: v3.17 mm/filemap.c. */
function* page_cache_read(current: task_struct, vma: vm_area_struct, backing: Backing, index: number): Steps<page> {
  current.charge(current.kernel.costs.io_submit);
  if (current.settles()) yield;
  // Someone else may have read it while we prepared.
  const raced = findCached(current, vma, index);
  if (raced !== null) return raced;
  return readPages(current, vma, backing, [index]);
}
