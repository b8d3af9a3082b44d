import type { Steps } from "../../engine/task.ts";
import type { mm_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_read, up_read } from "../kernel/locking/rwsem.ts";
import { get_user_pages } from "../mm/gup.ts";

/**
 * Registers a buffer with io_uring: plain get_user_pages of up to 1 GiB in one hold, over every IO. Returns pages or -errno.
 *
 * Source: v5.4 fs/io_uring.c (io_sqe_buffer_register); the same in v5.1 to v6.8 (v6.8 io_uring/rsrc.c, io_pin_pages).
 * Left out: FOLL_LONGTERM and its migration, the limit of locked memory.
 */
export function* io_pin_pages(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  current.site = "io_pin_pages";
  yield* down_read(current, mm.mmap_sem, "io_pin_pages");
  const pinned = yield* get_user_pages(current, mm, start, pages, true, false, []);
  yield* up_read(current, mm.mmap_sem, "io_pin_pages");
  return pinned;
}
