import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { get_user_pages } from "../../mm/gup.ts";

/**
 * Registers the memory of an AF_XDP socket: pin_user_pages under one hold, over every IO. Returns the pages or -errno.
 *
 * Source: v6.18 net/xdp/xdp_umem.c.
 * Left out: FOLL_LONGTERM and its migration, the limit of locked memory.
 */
export function* xdp_umem_pin_pages(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  current.site = "xdp_umem_pin_pages";
  yield* down_read(current, mm.mmap_sem, "xdp_umem_pin_pages");
  const pinned = yield* get_user_pages(current, mm, start, pages, true, false, []);
  yield* up_read(current, mm.mmap_sem, "xdp_umem_pin_pages");
  return pinned;
}
