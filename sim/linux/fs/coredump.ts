import type { Steps } from "../../engine/task.ts";
import { PAGE_SIZE } from "../include/linux/mm.ts";
import type { mm_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_read, up_read } from "../kernel/locking/rwsem.ts";
import { get_dump_page } from "../mm/gup/gup-wrappers.ts";

/**
 * The pages of a core dump: a hold for each, over its IO. A page that cannot be had is a hole of the dump, and the lock is kept for the next
 * one. Returns 0.
 *
 * Source: v6.18 fs/coredump.c, mm/gup.c (get_dump_page with a locked pointer); v5.15 lets go after each hole, too.
 * Left out: the hold for write that takes stock of the mappings, the writing of the file.
 */
export function* dump_user_range(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  let isHeld = false;
  for (let i = 0; i < pages; i++) {
    current.site = "dump_user_range";
    if (!isHeld) yield* down_read(current, mm.mmap_sem, "get_dump_page");
    isHeld = !(yield* get_dump_page(current, mm, start + i * PAGE_SIZE));
    if (!isHeld) yield* up_read(current, mm.mmap_sem, "get_dump_page");
  }
  if (isHeld) yield* up_read(current, mm.mmap_sem, "get_dump_page");
  return 0;
}
