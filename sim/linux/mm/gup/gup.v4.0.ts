import type { Steps } from "../../../engine/task.ts";
import { BUG_ON } from "../../include/asm-generic/bug.ts";
import { FOLL_TRIED, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { up_read } from "../../kernel/locking/rwsem.ts";
import { __get_user_pages, type LockedPointer, type PageVector, retakeAfterRetry } from "../gup.ts";

/**
 * The merged form: one polite pass over all pages; after each drop one insistent pass over the single page that said RETRY,
 * then polite again from the next page under the same hold.
 *
 * Source: v4.0 mm/gup.c.
 */
export function* __get_user_pages_locked(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  flags: number,
  pages: PageVector | null,
  locked: LockedPointer,
  notify_drop: boolean,
  vmas: vm_area_struct[] | null = null,
): Steps<number> {
  BUG_ON(current, vmas !== null, "vmas");
  BUG_ON(current, locked.value !== 1, "*locked != 1");

  let pages_done = 0;
  let lock_dropped = false;
  for (let retry = 1; ; retry++) {
    let ret = yield* __get_user_pages(current, mm, start, nr_pages, flags, pages, locked);
    if (locked.value === 0) {
      BUG_ON(current, ret < 0, "ret < 0");
      BUG_ON(current, ret >= nr_pages, "ret >= nr_pages");
    }
    // A prefault: do not insist.
    if (pages === null) return ret;

    if (ret > 0) {
      nr_pages -= ret;
      pages_done += ret;
      if (nr_pages === 0) break;
    }
    if (locked.value === 1) {
      if (pages_done === 0) pages_done = ret;
      break;
    }
    start += ret * PAGE_SIZE;

    locked.value = 1;
    lock_dropped = true;
    yield* retakeAfterRetry(current, mm, retry);
    ret = yield* __get_user_pages(current, mm, start, 1, flags | FOLL_TRIED, pages, null);
    if (ret !== 1) {
      BUG_ON(current, ret > 1, "ret > 1");
      if (pages_done === 0) pages_done = ret;
      break;
    }
    nr_pages--;
    pages_done++;
    if (nr_pages === 0) break;
    start += PAGE_SIZE;
  }
  if (notify_drop && lock_dropped && locked.value === 1) {
    // The caller must learn that its critical section was lost.
    yield* up_read(current, mm.mmap_sem, "__get_user_pages_locked");
    locked.value = 0;
  }
  return pages_done;
}
