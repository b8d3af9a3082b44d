import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { __get_user_pages, type LockedPointer, type PageVector } from "../gup.ts";

/**
 * What v3.17 had in place of the later function: one pass that may not drop the lock, so `locked` stays 1. One hold covers
 * every IO of every page.
 *
 * Source: v3.17 mm/gup.c (get_user_pages).
 */
export function __get_user_pages_locked(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  flags: number,
  pages: PageVector | null,
  _locked: LockedPointer,
  _notify_drop: boolean,
): Steps<number> {
  return __get_user_pages(current, mm, start, nr_pages, flags, pages, null);
}
