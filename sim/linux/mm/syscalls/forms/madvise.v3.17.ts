import type { Steps } from "../../../../engine/task.ts";
import { EINVAL } from "../../../include/linux/mm.ts";
import type { mm_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { down_read, up_read } from "../../../kernel/locking/rwsem.ts";
import { type Advice, madvise_populate, madvise_update_vma, startReads, zap_page_range } from "../madvise.ts";
import { find_vma } from "../../mmap.ts";

/**
 * madvise(2): MADV_DONTNEED and MADV_WILLNEED are readers, which submit and zap with the lock held; what changes the mapping is a
 * writer. Returns 0 or -errno.
 *
 * Source: v3.17 mm/madvise.c (madvise_need_mmap_write); MADV_POPULATE_READ, which it does not have, as in v5.14.
 * Left out: MADV_REMOVE, which drops the lock around its work; MADV_PAGEOUT is -EINVAL.
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
  if (advice === "pageout") return -EINVAL;
  if (advice === "hugepage") return yield* madvise_update_vma(current, mm, start);
  yield* down_read(current, mm.mmap_sem, "do_madvise");
  const vma = find_vma(mm, start);
  current.charge(current.kernel.costs.find_vma);
  if (vma !== null && advice === "dontneed") zap_page_range(current, vma, start, nr_pages, advice);
  if (vma !== null && advice === "willneed") yield* startReads(current, vma, start, nr_pages);
  yield* up_read(current, mm.mmap_sem, "do_madvise");
  return 0;
}
