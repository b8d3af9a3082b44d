import type { Steps } from "../../../engine/task.ts";
import { BUG_ON } from "../../include/asm-generic/bug.ts";
import { FOLL_TRIED, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { up_read } from "../../kernel/locking/rwsem.ts";
import { __get_user_pages, type LockedPointer, type PageVector, retakeAfterRetry } from "../gup.ts";

/**
 * The posted patch with every inline comment of its review applied to the letter. One comment (ask for 1 page) is the
 * essential fix; two others count pages twice and lose the errno, which is why the merged code does not have them.
 *
 * Source: review of 26 Sep 2014 of "[PATCH 1/2] mm: gup: add get_user_pages_locked and get_user_pages_unlocked".
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
  let sem_dropped = false;
  for (let retry = 1; ; retry++) {
    let ret = yield* __get_user_pages(current, mm, start, nr_pages, flags, pages, locked);
    if (locked.value === 0) {
      sem_dropped = true;
      BUG_ON(current, ret < 0, "ret < 0");
      BUG_ON(current, nr_pages === 1 && ret !== 0, "nr_pages == 1 && ret");
    }
    // A prefault: do not insist.
    if (pages === null) return ret;

    if (ret > 0) {
      nr_pages -= ret;
      pages_done += ret;
      if (nr_pages === 0) break;
    }
    if (locked.value === 1) {
      // "Replace top two lines": counts ret a second time, and drops a negative one.
      if (ret > 0) pages_done += ret;
      break;
    }
    start += ret * PAGE_SIZE;

    locked.value = 1;
    yield* retakeAfterRetry(current, mm, retry);
    ret = yield* __get_user_pages(current, mm, start, 1, flags | FOLL_TRIED, pages, null);
    if (ret !== 1) {
      BUG_ON(current, ret > 1, "ret > 1");
      // "So remove": the errno of a first page that fails here is lost.
      break;
    }
    nr_pages--;
    pages_done++;
    if (nr_pages === 0) break;
    start += PAGE_SIZE;
  }
  // The review renames immediate_unlock to notify_drop; with the sense that its callers then pass, this is the merged test.
  if (notify_drop && sem_dropped && locked.value === 1) {
    yield* up_read(current, mm.mmap_sem, "__get_user_pages_locked");
    locked.value = 0;
  }
  return pages_done;
}
