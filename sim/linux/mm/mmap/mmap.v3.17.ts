import type { Steps } from "../../../engine/task.ts";
import { type mm_struct, isReadable } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_write } from "../../kernel/locking/rwsem.ts";
import { mmap_write_unlock, vma_start_write } from "../mmap_lock.ts";
import { remove_vma } from "../vma.ts";

/**
 * munmap(2) of one whole mapping, from the place that takes the lock. The lock is held for write during the whole zap.
 * Returns 0.
 *
 * Source: v3.17 mm/mmap.c.
 * Left out: splitting, unmapping several mappings, TLB flushes.
 */
export function* vm_munmap(current: task_struct, mm: mm_struct, start: number): Steps<number> {
  const { site } = current;
  const { costs } = current.kernel;
  current.site = "vm_munmap";
  yield* down_write(current, mm.mmap_sem, "vm_munmap");
  const vma = mm.mm_rb.at(start);
  if (vma !== null) {
    yield* vma_start_write(current, vma);
    mm.mm_rb.erase(start);
    const zapped = vma.pte.reduce((sum, pte) => (isReadable(pte) ? sum + 1 : sum), 0);
    current.charge(costs.do_munmap + zapped * costs.zap_page);
    yield* remove_vma(current, vma);
  }
  yield* mmap_write_unlock(current, mm, "vm_munmap");
  current.site = site;
  return 0;
}
