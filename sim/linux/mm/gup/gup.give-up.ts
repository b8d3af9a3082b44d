import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { __get_user_pages, type LockedPointer, type PageVector } from "../gup.ts";

/**
 * One polite pass and no more: after the first wait without the lock the call returns what it has, which may be 0. The caller must ask
 * again. What a prefault did from the patch up to v4.15, for every call.
 *
 * Source: none, it is one end of the choice that the mail of 26 Sep 2014 discusses.
 */
export function __get_user_pages_locked(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  flags: number,
  pages: PageVector | null,
  locked: LockedPointer,
  _notify_drop: boolean,
): Steps<number> {
  return __get_user_pages(current, mm, start, nr_pages, flags, pages, locked);
}
