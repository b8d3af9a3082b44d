import type { Steps } from "../../engine/task.ts";
import type { mm_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { get_user_pages_fast } from "../arch/x86/mm/gup.ts";

/**
 * Registers a buffer with io_uring: pin_user_pages_fast, so no lock for what is there. Returns pages or -errno.
 *
 * Source: v6.12 and v6.18 io_uring/memmap.c.
 * Left out: FOLL_LONGTERM and its migration, the limit of locked memory.
 */
export function* io_pin_pages(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  current.site = "io_pin_pages";
  return yield* get_user_pages_fast(current, mm, start, pages, true, []);
}
