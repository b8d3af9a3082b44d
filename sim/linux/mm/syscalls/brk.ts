import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_write } from "../../kernel/locking/rwsem.ts";
import { mmap_write_unlock } from "../mmap_lock.ts";

/**
 * brk(2) that grows the heap: a short writer. Returns 0.
 *
 * Source: v3.17 and v6.18 mm/mmap.c.
 * Left out: the new pages; shrinking, which is a munmap.
 */
export function* brk(current: task_struct, mm: mm_struct): Steps<number> {
  current.site = "brk";
  yield* down_write(current, mm.mmap_sem, "brk");
  current.charge(current.kernel.costs.do_brk);
  yield* mmap_write_unlock(current, mm, "brk");
  return 0;
}
