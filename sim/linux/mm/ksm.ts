import type { Steps } from "../../engine/task.ts";
import type { mm_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_read, up_read } from "../kernel/locking/rwsem.ts";

/** Pages of one batch, after which ksmd sleeps 20 ms. Source: v3.17 mm/ksm.c (ksm_thread_pages_to_scan). */
const ksm_thread_pages_to_scan = 100;

/**
 * One batch of ksmd: a short hold for each page that it looks up. Pages that are away are passed over.
 *
 * Source: v3.17 mm/ksm.c.
 * Left out: the trees, merging (which makes pages copy-on-write), unmerging.
 */
export function* ksm_do_scan(current: task_struct, mm: mm_struct): Steps<number> {
  for (let i = 0; i < ksm_thread_pages_to_scan; i++) {
    current.site = "ksmd";
    yield* down_read(current, mm.mmap_sem, "scan_get_next_rmap_item");
    current.charge(current.kernel.costs.follow_page);
    yield* up_read(current, mm.mmap_sem, "scan_get_next_rmap_item");
    current.charge(current.kernel.costs.ksm_scan_page);
  }
  return 0;
}
