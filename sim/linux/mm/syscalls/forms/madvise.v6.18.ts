import type { Steps } from "../../../../engine/task.ts";
import { PAGE_SIZE } from "../../../include/linux/mm.ts";
import type { mm_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { lock_vma_under_rcu, vma_end_read } from "../../mmap_lock.ts";
import { do_madvise as underMmapLock } from "./madvise.v5.4.ts";
import { type Advice, zap_page_range } from "../madvise.ts";

/**
 * madvise(2): MADV_DONTNEED of a range in one mapping of the caller's own takes the lock of that mapping only, unless missing pages of it
 * are a server's (userfaultfd): then, and for other advice, as in v5.4. Returns 0 or -errno.
 *
 * Source: v6.18 mm/madvise.c (get_lock_mode, try_vma_read_lock).
 */
export function* do_madvise(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  advice: Advice,
): Steps<number> {
  if (advice === "dontneed") {
    current.site = "do_madvise";
    if (current.settles()) yield;
    const locked = lock_vma_under_rcu(current, mm, start);
    const isFit =
      locked !== null &&
      start + nr_pages * PAGE_SIZE <= locked.vm_end &&
      current.mm === mm &&
      locked.userfaultfd === null;
    if (isFit) {
      zap_page_range(current, locked, start, nr_pages, advice);
      if (current.settles()) yield;
    }
    if (locked !== null) vma_end_read(current, locked);
    if (isFit) return 0;
  }
  return yield* underMmapLock(current, mm, start, nr_pages, advice);
}
