import type { Steps } from "../../../engine/task.ts";
import {
  FAULT_FLAG_KILLABLE,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_TRIED,
  fault_flag_allow_retry_first,
  VM_FAULT_LOCKED,
  VM_FAULT_MAJOR,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
} from "../../include/linux/mm.ts";
import type { Backing, page, vm_area_struct } from "../../include/linux/mm_types.ts";
import { fatal_signal_pending, type task_struct } from "../../include/linux/sched.ts";
import {
  do_sync_mmap_readahead,
  hitsReadaheadMarker,
  page_cache_async_readahead,
  page_cache_read,
  wait_on_page_locked,
  wantsSyncReadahead,
} from "../filemap.ts";
import { release_fault_lock } from "../mmap_lock.ts";
import { dirtyStall, findCached, readAgain } from "../swap/page_io.ts";

export { __lock_page_or_retry } from "./filemap.v3.17.ts";

/** C's `struct file *fpin`: set when this fault has dropped the lock, and so must answer RETRY. */
interface Pin {
  dropped: boolean;
}

/**
 * Finds or reads the page of a file mapping. On the first attempt the lock is dropped before anything that may block, the
 * submission included; the fault is then done again. On a retried attempt, and with NOWAIT, it is kept: with NOWAIT even while a
 * page is read that no read-ahead has asked for.
 *
 * Source: v5.2 and v6.18 mm/filemap.c.
 * Left out: truncation, the invalidate lock, DAX, large folios.
 */
export function* filemap_fault(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
  flags: number,
): Steps<number> {
  let ret = 0;
  const fpin: Pin = { dropped: false };
  if (current.settles()) yield;
  let page = findCached(current, vma, index);
  if (page !== null) {
    if (!(flags & FAULT_FLAG_TRIED) && hitsReadaheadMarker(vma, page)) {
      yield* maybe_unlock_mmap_for_io(current, vma, flags, fpin);
      yield* page_cache_async_readahead(current, vma, backing, page);
    }
  } else {
    ret = VM_FAULT_MAJOR;
    current.charge(current.kernel.costs.prepare_fault);
    if (wantsSyncReadahead(vma, backing)) yield* maybe_unlock_mmap_for_io(current, vma, flags, fpin);
    yield* do_sync_mmap_readahead(current, vma, backing, index);
    page = findCached(current, vma, index);
  }
  if (page === null) {
    // C: page_not_uptodate. A fresh page that nobody reads yet: it is in the cache before the lock is dropped.
    current.charge(current.kernel.costs.add_page);
    yield* maybe_unlock_mmap_for_io(current, vma, flags, fpin);
    page = yield* page_cache_read(current, vma, backing, index);
    yield* wait_on_page_locked(current, vma, page, true);
    if (fpin.dropped) return ret | VM_FAULT_RETRY;
    if (!page.locked && !page.uptodate) return VM_FAULT_SIGBUS;
  }
  page.count++;
  ret |= yield* lockAndCheck(current, vma, backing, page, flags, fpin);
  page.count--;
  return ret;
}

function* lockAndCheck(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  page: page,
  flags: number,
  fpin: Pin,
): Steps<number> {
  if (!(yield* lock_folio_maybe_drop_mmap(current, vma, page, flags, fpin))) return VM_FAULT_RETRY;
  if (!page.uptodate) {
    yield* maybe_unlock_mmap_for_io(current, vma, flags, fpin);
    readAgain(current, vma, backing, page);
    yield* wait_on_page_locked(current, vma, page, true);
    if (!fpin.dropped && !page.uptodate) return VM_FAULT_SIGBUS;
  }
  return fpin.dropped ? VM_FAULT_RETRY : VM_FAULT_LOCKED;
}

/**
 * Gets the page locked; false means RETRY.
 *
 * Source: v5.2 mm/filemap.c (lock_page_maybe_drop_mmap), v6.18 mm/filemap.c.
 */
function* lock_folio_maybe_drop_mmap(
  current: task_struct,
  vma: vm_area_struct,
  page: page,
  flags: number,
  fpin: Pin,
): Steps<boolean> {
  if (current.settles()) yield;
  if (!page.locked) return true;
  // RETRY, and the lock is still held.
  if (flags & FAULT_FLAG_RETRY_NOWAIT) return false;
  yield* maybe_unlock_mmap_for_io(current, vma, flags, fpin);
  const killable = (flags & FAULT_FLAG_KILLABLE) !== 0;
  yield* wait_on_page_locked(current, vma, page, killable);
  if (killable && page.locked && fatal_signal_pending(current)) {
    // Handlers look for a fatal signal only after RETRY, and take the lock to be gone.
    if (!fpin.dropped) yield* release_fault_lock(current, vma, flags, "lock_folio_maybe_drop_mmap");
    return false;
  }
  return true;
}

/** Drops the lock on a first attempt that may wait, once. Source: v5.2 and v6.18 mm/internal.h. */
function* maybe_unlock_mmap_for_io(current: task_struct, vma: vm_area_struct, flags: number, fpin: Pin): Steps {
  if (fpin.dropped || !fault_flag_allow_retry_first(flags) || flags & FAULT_FLAG_RETRY_NOWAIT) return;
  fpin.dropped = true;
  yield* release_fault_lock(current, vma, flags, "maybe_unlock_mmap_for_io");
}

/**
 * A write to a file page by one who has dirtied too much: on a first attempt the lock is dropped before the wait, and the answer is RETRY.
 *
 * Source: v5.4, v5.9 and v5.15 mm/memory.c.
 */
export function* fault_dirty_shared_page(
  current: task_struct,
  vma: vm_area_struct,
  index: number,
  flags: number,
): Steps<number> {
  const fpin: Pin = { dropped: false };
  yield* maybe_unlock_mmap_for_io(current, vma, flags, fpin);
  yield* dirtyStall(current, vma, index);
  return fpin.dropped ? VM_FAULT_RETRY : 0;
}
