import type { Steps } from "../../../engine/task.ts";
import type { KernelOps } from "../../ops.ts";
import { FOLL_TRIED, PAGE_SIZE } from "../../include/linux/mm.ts";
import { up_read } from "../../kernel/locking/rwsem.ts";
import { __get_user_pages, retakeAfterRetry } from "../gup.ts";

/**
 * The merged form with another patience: the page that said RETRY is asked for politely until it has been asked `limit` times, the
 * pass over all pages included; then the lock is held over its IO. 1 is the merged form, 0 insists at once, `Infinity` never
 * insists ("loop forever", "maybe just try three times": the mail weighs both).
 *
 * Source: v4.0 mm/gup.c, with the loop that the mail of 26 Sep 2014 discusses.
 */
export function gup_retry(limit: number): KernelOps["__get_user_pages_locked"] {
  return function* __get_user_pages_locked(
    current,
    mm,
    start,
    nr_pages,
    flags,
    pages,
    locked,
    notify_drop,
  ): Steps<number> {
    if (limit === 0) return yield* __get_user_pages(current, mm, start, nr_pages, flags, pages, null);
    let pages_done = 0;
    let lock_dropped = false;
    for (let retry = 0; ; ) {
      let ret = yield* __get_user_pages(current, mm, start, nr_pages, flags, pages, locked);
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
      lock_dropped = true;
      for (let asked = 1; locked.value === 0; asked++) {
        locked.value = 1;
        yield* retakeAfterRetry(current, mm, ++retry);
        const insists = asked >= limit;
        const how = insists ? flags | FOLL_TRIED : flags;
        ret = yield* __get_user_pages(current, mm, start, 1, how, pages, insists ? null : locked);
      }
      if (ret !== 1) {
        if (pages_done === 0) pages_done = ret;
        break;
      }
      nr_pages--;
      pages_done++;
      if (nr_pages === 0) break;
      start += PAGE_SIZE;
    }
    if (notify_drop && lock_dropped && locked.value === 1) {
      yield* up_read(current, mm.mmap_sem, "__get_user_pages_locked");
      locked.value = 0;
    }
    return pages_done;
  };
}
