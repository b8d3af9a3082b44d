import type { Steps } from "../../../engine/task.ts";
import { BUG_ON } from "../../include/asm-generic/bug.ts";
import { FOLL_TRIED, PAGE_SIZE } from "../../include/linux/mm.ts";
import { up_read } from "../../kernel/locking/rwsem.ts";
import type { KernelOps } from "../../ops.ts";
import { __get_user_pages, retakeAfterRetry } from "../gup.ts";

/**
 * One suggestion of the review, on the patch as posted. `early-drop`: lock_dropped is set right after the first call. `add-again`:
 * "Replace top two lines" with one that adds what was got. `one-page`: s/nr_pages/1/ in the second call. `no-errno`: "So remove" the line that
 * keeps the second call's errno. `rename`: immediate_unlock becomes notify_drop, callers pass the new sense, the test keeps its `!`.
 */
export type Suggestion = "early-drop" | "add-again" | "one-page" | "no-errno" | "rename";

/**
 * The patch as posted with one suggestion of its review and no other.
 *
 * Source: "[PATCH 1/2] mm: gup: add get_user_pages_locked and get_user_pages_unlocked" (26 Sep 2014), and its review.
 */
export function gup_posted_with(suggestion: Suggestion): KernelOps["__get_user_pages_locked"] {
  return function* __get_user_pages_locked(
    current,
    mm,
    start,
    nr_pages,
    flags,
    pages,
    locked,
    notify_drop,
    vmas = null,
  ): Steps<number> {
    BUG_ON(current, vmas !== null, "vmas");
    BUG_ON(current, locked.value !== 1, "*locked != 1");
    let pages_done = 0;
    let lock_dropped = false;
    for (let retry = 1; ; retry++) {
      let ret = yield* __get_user_pages(current, mm, start, nr_pages, flags, pages, locked);
      if (locked.value === 0) {
        BUG_ON(current, ret < 0, "ret < 0");
        BUG_ON(current, nr_pages === 1 && ret !== 0, "nr_pages == 1 && ret");
        if (suggestion === "early-drop") lock_dropped = true;
      }
      if (pages === null) return ret;
      if (ret > 0) {
        nr_pages -= ret;
        pages_done += ret;
        if (nr_pages === 0) break;
      }
      if (locked.value === 1) {
        if (suggestion === "add-again") {
          if (ret > 0) pages_done += ret;
        } else if (pages_done === 0) {
          pages_done = ret;
        }
        break;
      }
      start += ret * PAGE_SIZE;
      locked.value = 1;
      if (suggestion !== "early-drop") lock_dropped = true;
      yield* retakeAfterRetry(current, mm, retry);
      const insisted = suggestion === "one-page" ? 1 : nr_pages;
      ret = yield* __get_user_pages(current, mm, start, insisted, flags | FOLL_TRIED, pages, null);
      if (ret !== 1) {
        BUG_ON(current, ret > 1, "ret > 1");
        if (pages_done === 0 && suggestion !== "no-errno") pages_done = ret;
        break;
      }
      nr_pages--;
      pages_done++;
      if (nr_pages === 0) break;
      start += PAGE_SIZE;
    }
    const notifies = suggestion === "rename" ? !notify_drop : notify_drop;
    if (notifies && lock_dropped && locked.value === 1) {
      yield* up_read(current, mm.mmap_sem, "__get_user_pages_locked");
      locked.value = 0;
    }
    return pages_done;
  };
}
