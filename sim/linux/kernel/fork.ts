import type { Steps } from "../../engine/task.ts";
import type { mm_struct, vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_write } from "./locking/rwsem.ts";
import { mmap_write_unlock, vma_start_write } from "../mm/mmap_lock.ts";

/**
 * The part of fork(2) that copies the page tables of private memory, with the parent's lock held for write. Files and memfds are left
 * to the child's faults.
 *
 * Source: v3.17 kernel/fork.c, mm/memory.c (copy_page_range); v6.18 mm/mmap.c.
 * Left out: the child, whose own lock nobody else wants; that the first writes of both copy pages afterwards.
 */
export function* dup_mmap(current: task_struct, mm: mm_struct): Steps<number> {
  const { costs } = current.kernel;
  current.site = "dup_mmap";
  yield* down_write(current, mm.mmap_sem, "dup_mmap");
  current.charge(costs.dup_mmap);
  const vmas: vm_area_struct[] = [];
  mm.mm_rb.forEach((vma) => {
    vmas.push(vma);
  });
  for (const vma of vmas) {
    yield* vma_start_write(current, vma);
    current.charge(costs.find_vma);
    if (vma.kind !== "anon") continue;
    const { tables, entries, hugePages } = vma.tables.contents();
    current.charge(entries * costs.copy_pte + hugePages * costs.copy_huge);
    // The page table of a small mapping is part of find_vma's guess.
    current.charge(Math.max(0, tables - 1) * costs.copy_table);
  }
  yield* mmap_write_unlock(current, mm, "dup_mmap");
  return 0;
}
