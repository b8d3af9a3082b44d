import type { Steps } from "../../../engine/task.ts";
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_TRIED,
  VM_FAULT_LOCKED,
  VM_FAULT_MAJOR,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
} from "../../include/linux/mm.ts";
import type { Backing, page, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import {
  do_sync_mmap_readahead,
  hitsReadaheadMarker,
  lockPageOrRetry,
  page_cache_async_readahead,
  page_cache_read,
  wait_on_page_locked,
} from "../filemap.ts";
import { dirtyStall, findCached, readAgain } from "../swap/page_io.ts";

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
export function __lock_page_or_retry(
  current: task_struct,
  vma: vm_area_struct,
  page: page,
  flags: number,
): Steps<boolean> {
  return lockPageOrRetry(current, vma, page, flags, (flags & FAULT_FLAG_ALLOW_RETRY) !== 0, "__lock_page_or_retry");
}

/**
 * Finds or reads the page of a file mapping. In v3.17 each read is submitted with the lock held; only the wait for the page
 * lock may drop it. A page whose read has failed is read once more, and waited for with the lock held whatever the flags say.
 * Returns result bits; with LOCKED the page is there.
 *
 * Source: v3.17 mm/filemap.c.
 * Left out: truncation (a page stays in its file).
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
    if (hitsReadaheadMarker(vma, page)) yield* page_cache_async_readahead(current, vma, backing, page);
  } else if (page === null) {
    ret = VM_FAULT_MAJOR;
    current.charge(current.kernel.costs.prepare_fault);
    yield* do_sync_mmap_readahead(current, vma, backing, index);
    page = findCached(current, vma, index);
    if (page === null) {
      current.charge(current.kernel.costs.add_page);
      page = yield* page_cache_read(current, vma, backing, index);
      // C: fuse_readpage() sends the request and waits for the answer.
      if (backing.synchronousReadpage) yield* wait_on_page_locked(current, vma, page, false);
    }
  }
  page.count++;
  const locked = yield* __lock_page_or_retry(current, vma, page, flags);
  if (locked && !page.uptodate) {
    readAgain(current, vma, backing, page);
    yield* wait_on_page_locked(current, vma, page, false);
  }
  page.count--;
  if (!locked) return ret | VM_FAULT_RETRY;
  return page.uptodate ? ret | VM_FAULT_LOCKED : VM_FAULT_SIGBUS;
}

/**
 * A write to a file page by one who has dirtied too much: waits with the lock held. Returns result bits.
 *
 * Source: v3.17 mm/memory.c (do_shared_fault), mm/page-writeback.c (balance_dirty_pages).
 */
export function* fault_dirty_shared_page(
  current: task_struct,
  vma: vm_area_struct,
  index: number,
  _flags: number,
): Steps<number> {
  yield* dirtyStall(current, vma, index);
  return 0;
}
