import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { type Advice, madvise_populate, madvise_update_vma, startReads, zap_page_range } from "./madvise.ts";
import { find_vma } from "../mmap.ts";
import { lock_vma_under_rcu, vma_end_read } from "../mmap_lock.ts";

/**
 * madvise(2): MADV_DONTNEED takes the lock of its mapping only; MADV_WILLNEED is a reader that lets go before it reads a file;
 * MADV_PAGEOUT is a reader; what changes the mapping is a writer. Returns 0 or -errno.
 *
 * Source: v6.18 mm/madvise.c (get_lock_mode, madvise_willneed).
 * Left out: MADV_REMOVE, MADV_COLD; the writes of MADV_PAGEOUT, whose work here is that of a zap.
 */
export function* do_madvise(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  advice: Advice,
): Steps<number> {
  if (advice === "populate_read") return yield* madvise_populate(current, mm, start, nr_pages);
  current.site = "do_madvise";
  if (advice === "hugepage") return yield* madvise_update_vma(current, mm, start);
  if (advice === "dontneed") {
    if (current.settles()) yield;
    const locked = lock_vma_under_rcu(current, mm, start);
    if (locked !== null) {
      zap_page_range(current, locked, start, nr_pages, advice);
      if (current.settles()) yield;
      vma_end_read(current, locked);
      return 0;
    }
  }
  yield* down_read(current, mm.mmap_sem, "madvise_lock");
  const vma = find_vma(mm, start);
  current.charge(current.kernel.costs.find_vma);
  if (vma !== null && advice === "willneed" && vma.kind === "file") {
    yield* up_read(current, mm.mmap_sem, "madvise_willneed");
    yield* startReads(current, vma, start, nr_pages);
    yield* down_read(current, mm.mmap_sem, "madvise_willneed");
  } else if (vma !== null && advice === "willneed") {
    yield* startReads(current, vma, start, nr_pages);
  } else if (vma !== null) {
    zap_page_range(current, vma, start, nr_pages, advice === "pageout" ? advice : "dontneed");
  }
  yield* up_read(current, mm.mmap_sem, "madvise_lock");
  return 0;
}
