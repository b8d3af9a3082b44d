import type { Steps } from "../../../engine/task.ts";
import { FAULT_FLAG_WRITE, PAGE_SIZE } from "../../include/linux/mm.ts";
import { type mm_struct, pte_swap } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { handle_mm_fault } from "../memory.ts";
import { find_vma, pageIndex } from "../mmap.ts";

/**
 * swapoff(2) brings the swapped pages of one process back, one after the other, in one hold over all their IO. Returns 0.
 *
 * Source: v5.4 and v6.18 mm/swapfile.c.
 * Left out: the other processes; here it is limited to `pages` pages from `start`.
 */
export function* unuse_mm(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  current.site = "unuse_mm";
  yield* down_read(current, mm.mmap_sem, "unuse_mm");
  for (let i = 0; i < pages; i++) {
    const address = start + i * PAGE_SIZE;
    const vma = find_vma(mm, address);
    if (vma === null || vma.vm_start > address || vma.pte[pageIndex(vma, address)] !== pte_swap) continue;
    // No flag: the read is waited for.
    yield* handle_mm_fault(current, vma, address, FAULT_FLAG_WRITE);
  }
  yield* up_read(current, mm.mmap_sem, "unuse_mm");
  return 0;
}
