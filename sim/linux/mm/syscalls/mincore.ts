import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";

/**
 * mincore(2): looks at the page tables and the page cache, and waits for nothing. Returns 0.
 *
 * Source: v3.17 and v6.18 mm/mincore.c.
 */
export function* do_mincore(current: task_struct, mm: mm_struct, pages: number): Steps<number> {
  current.site = "do_mincore";
  yield* down_read(current, mm.mmap_sem, "do_mincore");
  current.charge(current.kernel.costs.find_vma + pages * current.kernel.costs.follow_page);
  yield* up_read(current, mm.mmap_sem, "do_mincore");
  return 0;
}
