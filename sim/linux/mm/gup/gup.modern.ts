import type { Steps } from "../../../engine/task.ts";
import { EFAULT, EINTR, FOLL_NOWAIT, FOLL_TRIED, FOLL_UNLOCKABLE, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import { fatal_signal_pending, type task_struct } from "../../include/linux/sched.ts";
import { up_read } from "../../kernel/locking/rwsem.ts";
import { __get_user_pages, isHeld, type LockedPointer, type PageVector, retakeKillable } from "../gup.ts";

/**
 * Today's form: after a drop the one page is asked for again and again, always with permission to drop. For IO that changes
 * nothing, because a retried attempt waits with the lock held; a userfault drops it each time. SIGKILL ends it between the passes.
 *
 * Source: v6.18 mm/gup.c.
 * Left out: FOLL_PIN, FOLL_LONGTERM and its migration.
 */
export function* __get_user_pages_locked(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  gup_flags: number,
  pages: PageVector | null,
  locked: LockedPointer,
  _notify_drop: boolean,
): Steps<number> {
  const flags = gup_flags | FOLL_UNLOCKABLE;
  let pages_done = 0;
  let must_unlock = false;
  let retries = 0;
  for (;;) {
    let ret = yield* __get_user_pages(current, mm, start, nr_pages, flags, pages, locked);
    if (ret > 0) {
      nr_pages -= ret;
      pages_done += ret;
      if (nr_pages === 0) break;
    }
    if (locked.value === 1) {
      if (pages_done === 0) pages_done = ret;
      break;
    }
    start += Math.max(ret, 0) * PAGE_SIZE;
    must_unlock = true;
    do {
      // A killed task would go round for ever.
      if (fatal_signal_pending(current) || !(yield* retakeKillable(current, mm, ++retries))) {
        ret = -EINTR;
        break;
      }
      locked.value = 1;
      ret = yield* __get_user_pages(current, mm, start, 1, flags | FOLL_TRIED, pages, locked);
    } while (!isHeld(locked));
    if (ret !== 1) {
      if (pages_done === 0) pages_done = ret;
      break;
    }
    nr_pages--;
    pages_done++;
    if (nr_pages === 0) break;
    start += PAGE_SIZE;
  }
  if (must_unlock && locked.value === 1) {
    yield* up_read(current, mm.mmap_sem, "__get_user_pages_locked");
    locked.value = 0;
  }
  // Nothing got, and no error: something is wrong, except when nobody was to wait.
  if (pages_done === 0 && !(flags & FOLL_NOWAIT)) return -EFAULT;
  return pages_done;
}
