import type { Steps } from "../../../engine/task.ts";
import { EFAULT } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_write } from "../../kernel/locking/rwsem.ts";
import { find_vma } from "../mmap.ts";
import { mmap_write_unlock, vma_start_write } from "../mmap_lock.ts";
import { remove_vma } from "../vma.ts";

/**
 * mremap(2) that moves the mapping at `start`: page-table entries one by one, then the old place is closed, which for a dirty file of
 * a FUSE server means to write it back with the lock held for write. Returns 0 or -EFAULT.
 *
 * Source: v3.17 and v6.18 mm/mremap.c.
 * Left out: the new address (the mapping stays where it was), growing and shrinking.
 */
export function* mremap(current: task_struct, mm: mm_struct, start: number): Steps<number> {
  const { costs } = current.kernel;
  current.site = "mremap";
  yield* down_write(current, mm.mmap_sem, "mremap");
  const vma = find_vma(mm, start);
  if (vma !== null) {
    yield* vma_start_write(current, vma);
    current.charge(costs.move_vma + vma.rss * costs.copy_pte);
    yield* remove_vma(current, vma);
  }
  yield* mmap_write_unlock(current, mm, "mremap");
  return vma === null ? -EFAULT : 0;
}
