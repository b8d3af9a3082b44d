import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_write } from "../../kernel/locking/rwsem.ts";
import { find_vma } from "../mmap.ts";
import { mmap_write_unlock, vma_start_write } from "../mmap_lock.ts";

/**
 * brk(2) that grows the heap, the mapping at `start`: a short writer, which write-locks the mapping that it grows. Returns 0.
 *
 * Source: v3.17 mm/mmap.c; v6.18 mm/vma.c (do_brk_flags, vma_expand: vma_start_write(target)).
 * Left out: the new pages; shrinking, which is a munmap.
 */
export function* brk(current: task_struct, mm: mm_struct, start: number): Steps<number> {
  current.site = "brk";
  yield* down_write(current, mm.mmap_sem, "brk");
  const heap = find_vma(mm, start);
  if (heap !== null) yield* vma_start_write(current, heap);
  current.charge(current.kernel.costs.do_brk);
  yield* mmap_write_unlock(current, mm, "brk");
  return 0;
}
