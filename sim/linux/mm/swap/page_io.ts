import type { Steps } from "../../../engine/task.ts";
import type { IoRequest } from "../../../machine/block-device.ts";
import { type Backing, page, type vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";

/**
 * Reads the pages at `indices` as one IO: adds them, locked, to the cache and submits. They unlock when it completes.
 * The first index is the page that was asked for; its key names the latency draw.
 *
 * The submitter has settled its work. On a synchronous device the read is done on return, and its time is charged to the
 * submitter. Returns the page that was asked for.
 *
 * Source: v3.17 mm/page_io.c (swap_readpage), mm/filemap.c (page_cache_read), mm/readahead.c (ra_submit).
 * Left out: bios and request merging.
 */
export function readPages(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  indices: readonly [number, ...number[]],
): page {
  const pages = indices.map((index) => new page(index));
  const nths = indices.map((index) => vma.nextRead(index));
  for (const added of pages) vma.cache.set(added.index, added);
  const [first] = indices;
  const wanted = pages[0] as page;
  const nth = nths[0] as number;
  const complete = (failed: boolean): void => {
    for (const [i, done] of pages.entries()) endRead(current, vma, done, nths[i] as number, failed);
  };
  if (backing.synchronous) {
    const speedup = current.kernel.ioSpeedup(current.site);
    // Each page of the window is decompressed before the next.
    for (const [i, index] of indices.entries()) {
      current.charge(Math.round(backing.device.serviceTime(index, nths[i] as number) / speedup));
    }
    complete(false);
    return wanted;
  }
  const request: IoRequest = { page: first, nth, pages: pages.length, speedup: 1, complete };
  for (const added of pages) added.io = request;
  backing.device.submit(request, current.nr, current.site);
  return wanted;
}

/** Submits the read of a page that is in the cache again, because the last one failed. Source: v3.17 mm/filemap.c. */
export function readAgain(current: task_struct, vma: vm_area_struct, backing: Backing, page: page): void {
  const nth = vma.nextRead(page.index);
  page.locked = true;
  const complete = (failed: boolean): void => endRead(current, vma, page, nth, failed);
  page.io = { page: page.index, nth, pages: 1, speedup: 1, complete };
  backing.device.submit(page.io, current.nr, current.site);
}

/**
 * Waits for a place in the device's request queue, with whatever locks the submitter has.
 *
 * Source: v3.17 block/blk-core.c (get_request).
 * Left out: cgroup IO throttling, which looks the same from here.
 */
export function* queueFull(current: task_struct, backing: Backing): Steps {
  if (current.settles()) yield;
  while (backing.device.isFull) {
    backing.device.whenNotFull(() => current.kernel.cpus.wakeByInterrupt(current));
    current.sleepFor("throttle");
    yield;
    current.wokeFrom("throttle");
  }
}

/**
 * The allocation of a page for the fault on `index`, where it has to free memory first: the task stalls, with whatever locks it
 * has.
 *
 * Source: v3.17 mm/page_alloc.c (__alloc_pages_direct_reclaim).
 */
export function* allocationStall(current: task_struct, vma: vm_area_struct, index: number): Steps {
  yield* stall(current, vma.direct_reclaim?.next(index) ?? 0, "reclaim");
}

/** One who has dirtied too many pages is made to wait. Source: v3.17 mm/page-writeback.c (balance_dirty_pages). */
export function* dirtyStall(current: task_struct, vma: vm_area_struct, index: number): Steps {
  yield* stall(current, vma.dirty_throttle?.next(index) ?? 0, "throttle");
}

function* stall(current: task_struct, ns: number, reason: "reclaim" | "throttle"): Steps {
  if (ns === 0) return;
  if (current.settles()) yield;
  current.setTimer(ns);
  current.sleepFor(reason);
  yield;
  current.wokeFrom(reason);
}

/** Source: v3.17 mm/page_io.c (end_swap_bio_read), fs/mpage.c (mpage_end_io). */
function endRead(current: task_struct, vma: vm_area_struct, done: page, nth: number, failed: boolean): void {
  const { kernel } = current;
  done.uptodate = !failed && (vma.readFails === null || !vma.readFails(done.index));
  done.locked = false;
  done.io = null;
  done.reclaimAt = kernel.sim.now + vma.reclaimAfter(done.index, nth);
  const byServer = vma.backing?.ioClass === "fuse";
  for (const waiter of done.waiters.splice(0)) {
    if (byServer) kernel.cpus.wake(waiter, 0);
    else kernel.cpus.wakeByInterrupt(waiter);
  }
}

/**
 * The cached page at `index`, null when there is none. A page that reclaim may have is gone when its time is past: nobody
 * could have looked between.
 */
export function findCached(current: task_struct, vma: vm_area_struct, index: number): page | null {
  const found = vma.cache.get(index);
  if (found === undefined) return null;
  if (!found.locked && found.count === 0 && current.kernel.sim.now >= found.reclaimAt) {
    vma.cache.delete(index);
    return null;
  }
  return found;
}
