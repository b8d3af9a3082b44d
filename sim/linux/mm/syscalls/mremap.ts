import type { Steps } from "../../../engine/task.ts";
import { EFAULT } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_write } from "../../kernel/locking/rwsem.ts";
import { find_vma, pageIndex } from "../mmap.ts";
import { mmap_write_unlock, vma_start_write } from "../mmap_lock.ts";
import { remove_vma } from "../vma.ts";

/**
 * mremap(2) that moves `nr_pages` pages from `start`: whole page tables where the kernel does that, else entries one by one; then the old
 * place is closed, which for a dirty file of a FUSE server means to write it back with the lock held for write. Returns 0 or -EFAULT.
 *
 * Source: v3.17, v5.4 and v6.18 mm/mremap.c (move_page_tables).
 * Left out: the new address (the pages stay where they were), growing and shrinking.
 */
export function* mremap(current: task_struct, mm: mm_struct, start: number, nr_pages: number): Steps<number> {
  const { costs, ops } = current.kernel;
  current.site = "mremap";
  yield* down_write(current, mm.mmap_sem, "mremap");
  const vma = find_vma(mm, start);
  if (vma !== null) {
    yield* vma_start_write(current, vma);
    const { wholeTables, partEntries, entries, hugePages } = vma.tables.contents(
      Math.max(0, pageIndex(vma, start)),
      nr_pages,
    );
    current.charge(costs.move_vma + hugePages * costs.move_huge);
    if (ops.move_normal_pmd) current.charge(wholeTables * costs.move_table + partEntries * costs.copy_pte);
    else current.charge(entries * costs.copy_pte);
    yield* remove_vma(current, vma);
  }
  yield* mmap_write_unlock(current, mm, "mremap");
  return vma === null ? -EFAULT : 0;
}
