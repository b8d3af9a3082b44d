/** What the forms of the file fault share: waiting for a page, read-ahead, reading one page. */
import type { Steps } from "../../engine/task.ts";
import { type Backing, type page, pte_file, type vm_area_struct } from "../include/linux/mm_types.ts";
import { fatal_signal_pending, type task_struct } from "../include/linux/sched.ts";
import { FAULT_FLAG_KILLABLE, FAULT_FLAG_RETRY_NOWAIT } from "../include/linux/mm.ts";
import { release_fault_lock } from "./mmap_lock.ts";
import { allocationStall, findCached, queueFull, readPages } from "./swap/page_io.ts";

/** Misses after which synchronous read-around is given up. Source: v3.17 mm/filemap.c. */
const MMAP_LOTSAMISS = 100;

/**
 * Sleeps until the IO on `page` is done, or, when `killable`, until SIGKILL. Mapping a page takes no time between lock and
 * unlock here, so whoever finds it unlocked has it.
 *
 * Source: v3.17 mm/filemap.c.
 */
export function* wait_on_page_locked(current: task_struct, vma: vm_area_struct, page: page, killable: boolean): Steps {
  if (current.settles()) yield;
  const { ioClass: reason, device } = vma.backing as Backing;
  const speedup = current.kernel.ioSpeedup(current.site);
  if (speedup !== 1 && page.io !== null) device.hasten(page.io, speedup);
  page.count++;
  while (page.locked && !(killable && fatal_signal_pending(current))) {
    page.waiters.push(current);
    current.sleepFor(reason, killable, device.servers);
    yield;
    current.wokeFrom(reason);
    // C: finish_wait(). Who was killed would be woken once more when the IO is done.
    const at = page.waiters.indexOf(current);
    if (at >= 0) page.waiters.splice(at, 1);
  }
  page.count--;
}

/**
 * Gets `page` locked (true), or says RETRY (false). With `mayDrop` the lock is dropped before the wait, unless NOWAIT, which does not
 * wait; without, it is held over the wait, and dropped only when a SIGKILL ended that. `func` is the form that asks.
 *
 * Source: v3.17 mm/filemap.c (__lock_page_or_retry), v6.18 mm/filemap.c (__folio_lock_or_retry).
 */
export function* lockPageOrRetry(
  current: task_struct,
  vma: vm_area_struct,
  page: page,
  flags: number,
  mayDrop: boolean,
  func: string,
): Steps<boolean> {
  if (current.settles()) yield;
  if (!page.locked) return true;
  const killable = (flags & FAULT_FLAG_KILLABLE) !== 0;
  if (mayDrop) {
    // The caller must not let the lock go when it sees RETRY: it is still held only with NOWAIT.
    if (flags & FAULT_FLAG_RETRY_NOWAIT) return false;
    yield* release_fault_lock(current, vma, flags, func);
    yield* wait_on_page_locked(current, vma, page, killable);
    return false;
  }
  yield* wait_on_page_locked(current, vma, page, killable);
  if (page.locked) {
    yield* release_fault_lock(current, vma, flags, func);
    return false;
  }
  return true;
}

/** Will a synchronous read-around be submitted for the missing page? Nothing for MADV_RANDOM, or after too many misses. */
export function wantsSyncReadahead(vma: vm_area_struct, backing: Backing): boolean {
  return !vma.VM_RAND_READ && backing.maxReadahead > 1 && vma.ra.mmap_miss < MMAP_LOTSAMISS;
}

/**
 * Read-around: a window of the device's size around the missing page, when {@link wantsSyncReadahead}.
 *
 * Source: v3.17 mm/filemap.c (do_sync_mmap_readahead).
 * Left out: VM_SEQ_READ.
 */
export function* do_sync_mmap_readahead(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
): Steps {
  const { ra } = vma;
  const wanted = wantsSyncReadahead(vma, backing);
  if (!vma.VM_RAND_READ && backing.maxReadahead > 1 && ra.mmap_miss < MMAP_LOTSAMISS * 10) ra.mmap_miss++;
  if (!wanted) return;
  yield* ra_submit(current, vma, backing, index, Math.max(0, index - Math.floor(backing.maxReadahead / 2)));
}

/** Does the hit stand at the marker that starts the next window? Counts the hit. Source: v3.17 mm/filemap.c. */
export function hitsReadaheadMarker(vma: vm_area_struct, page: page): boolean {
  if (vma.VM_RAND_READ) return false;
  if (vma.ra.mmap_miss > 0) vma.ra.mmap_miss--;
  const marked = page.readahead;
  page.readahead = false;
  return marked;
}

/** Starts the window behind `page`. Source: v3.17 mm/filemap.c (do_async_mmap_readahead). */
export function* page_cache_async_readahead(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  page: page,
): Steps {
  const next = page.index + Math.floor(backing.maxReadahead / 4);
  if (next < vma.nrPages) yield* ra_submit(current, vma, backing, next, next);
}

/** Source: v3.17 mm/readahead.c, mm/internal.h. Left out: pages that are cached and mapped elsewhere. */
function* ra_submit(current: task_struct, vma: vm_area_struct, backing: Backing, wanted: number, start: number): Steps {
  current.charge(current.kernel.costs.io_submit);
  if (current.settles()) yield;
  if (vma.direct_reclaim !== null) yield* allocationStall(current, vma, wanted);
  if (backing.device.isFull) yield* queueFull(current, backing);
  const end = Math.min(vma.nrPages, start + backing.maxReadahead);
  const isMissing = (i: number): boolean => vma.pte[i] === pte_file && findCached(current, vma, i) === null;
  if (!isMissing(wanted)) return;
  const indices: [number, ...number[]] = [wanted];
  for (let i = start; i < end; i++) if (i !== wanted && isMissing(i)) indices.push(i);
  readPages(current, vma, backing, indices);
  current.charge(indices.length * current.kernel.costs.add_page);
  const marker = vma.cache.get(end - Math.floor(backing.maxReadahead / 4));
  if (marker !== undefined) marker.readahead = true;
}

/** Submits the read of one page, no more. Source: v3.17 mm/filemap.c. */
export function* page_cache_read(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
): Steps<page> {
  current.charge(current.kernel.costs.io_submit);
  if (current.settles()) yield;
  if (vma.direct_reclaim !== null) yield* allocationStall(current, vma, index);
  if (backing.device.isFull) yield* queueFull(current, backing);
  // Someone else may have read it while we prepared.
  const raced = findCached(current, vma, index);
  if (raced !== null) return raced;
  return readPages(current, vma, backing, [index]);
}
