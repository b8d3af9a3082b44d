import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_write, up_read } from "../../kernel/locking/rwsem.ts";
import { mmap_write_downgrade, mmap_write_unlock, vma_start_write } from "../mmap_lock.ts";
import { remove_vma, zap_mapping, zap_part } from "../vma.ts";
import { unmappedRange } from "./range.ts";

/**
 * munmap(2) of `nr_pages` pages, all or a part of one mapping, from the place that takes the lock. The mapping is taken out of the tree for write; the pages
 * are zapped as a reader. Returns 0.
 *
 * Source: v5.2 and v6.18 mm/mmap.c, mm/vma.c.
 * Left out: the write-back of the dirty pages of a part, unmapping several mappings, TLB flushes, the killable wait.
 */
export function* vm_munmap(current: task_struct, mm: mm_struct, start: number, nr_pages: number): Steps<number> {
  const { site } = current;
  const { costs } = current.kernel;
  current.site = "vm_munmap";
  yield* down_write(current, mm.mmap_sem, "vm_munmap");
  const range = unmappedRange(mm, start, nr_pages);
  if (range === null) {
    yield* mmap_write_unlock(current, mm, "vm_munmap");
  } else {
    const { vma, first, pages, isWhole } = range;
    yield* vma_start_write(current, vma);
    if (isWhole) mm.mm_rb.erase(vma.vm_start);
    current.charge(costs.do_munmap);
    yield* mmap_write_downgrade(current, mm, "vm_munmap");
    current.charge(costs.unmap_region);
    if (isWhole) {
      zap_mapping(current, vma);
      yield* remove_vma(current, vma);
    } else {
      zap_part(current, vma, first, pages);
    }
    yield* up_read(current, mm.mmap_sem, "vm_munmap");
  }
  current.site = site;
  return 0;
}
