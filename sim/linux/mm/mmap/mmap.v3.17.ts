import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_write } from "../../kernel/locking/rwsem.ts";
import { mmap_write_unlock, vma_start_write } from "../mmap_lock.ts";
import { remove_vma, zap_mapping, zap_part } from "../vma.ts";
import { unmappedRange } from "./range.ts";

/**
 * munmap(2) of `nr_pages` pages, all or a part of one mapping, from the place that takes the lock. The lock is held for write during the whole zap.
 * Returns 0.
 *
 * Source: v3.17 mm/mmap.c.
 * Left out: the write-back of the dirty pages of a part, unmapping several mappings, TLB flushes.
 */
export function* vm_munmap(current: task_struct, mm: mm_struct, start: number, nr_pages: number): Steps<number> {
  const { site } = current;
  const { costs } = current.kernel;
  current.site = "vm_munmap";
  yield* down_write(current, mm.mmap_sem, "vm_munmap");
  const range = unmappedRange(mm, start, nr_pages);
  if (range !== null) {
    const { vma, first, pages, isWhole } = range;
    yield* vma_start_write(current, vma);
    current.charge(costs.do_munmap);
    if (isWhole) {
      mm.mm_rb.erase(vma.vm_start);
      zap_mapping(current, vma);
      yield* remove_vma(current, vma);
    } else {
      zap_part(current, vma, first, pages);
    }
  }
  yield* mmap_write_unlock(current, mm, "vm_munmap");
  current.site = site;
  return 0;
}
