import type { Steps } from "../../../engine/task.ts";
import { PAGE_SIZE } from "../../include/linux/mm.ts";
import {
  isReadable,
  type mm_struct,
  pte_file,
  pte_none,
  pte_swap,
  type vm_area_struct,
} from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, down_write, up_read } from "../../kernel/locking/rwsem.ts";
import { isHeld, type LockedPointer } from "../gup.ts";
import { find_vma, pageIndex } from "../mmap.ts";
import { mmap_write_unlock, vma_start_write } from "../mmap_lock.ts";
import { findCached, readPages } from "../swap/page_io.ts";

/**
 * What madvise(2) is asked for. `dontneed` and `free` give pages up, `willneed` starts to read them, `populate_read` faults them in,
 * `pageout` pushes them out, `hugepage` stands for the advice that only changes the mapping.
 */
export const madviseAdvice = ["dontneed", "willneed", "populate_read", "pageout", "hugepage"] as const;
export type Advice = (typeof madviseAdvice)[number];

/**
 * madvise(MADV_POPULATE_READ) of `nr_pages` pages: faults them in, and takes the lock again after each drop. Returns 0 or -errno.
 *
 * Source: v5.15 and v6.18 mm/madvise.c.
 */
export function* madvise_populate(current: task_struct, mm: mm_struct, start: number, nr_pages: number): Steps<number> {
  current.site = "madvise_populate";
  const locked: LockedPointer = { value: 1 };
  yield* down_read(current, mm.mmap_sem, "madvise_populate");
  let ret = 0;
  for (let done = 0; done < nr_pages && ret >= 0; done += ret) {
    const at = start + done * PAGE_SIZE;
    ret = yield* current.kernel.ops.madv_populate_pass(current, mm, at, nr_pages - done, locked);
    if (isHeld(locked)) continue;
    yield* down_read(current, mm.mmap_sem, "madvise_populate");
    locked.value = 1;
  }
  yield* up_read(current, mm.mmap_sem, "madvise_populate");
  return Math.min(ret, 0);
}

/** Advice that changes the mapping: a writer. Source: v3.17 and v6.18 mm/madvise.c (madvise_behavior, madvise_vma_behavior). */
export function* madvise_update_vma(current: task_struct, mm: mm_struct, start: number): Steps<number> {
  yield* down_write(current, mm.mmap_sem, "do_madvise");
  const vma = find_vma(mm, start);
  if (vma !== null) yield* vma_start_write(current, vma);
  current.charge(current.kernel.costs.mprotect_fixup);
  yield* mmap_write_unlock(current, mm, "do_madvise");
  return 0;
}

/**
 * Takes the resident pages of a range away, under the caller's lock: for good, or to their device with `pageout`.
 *
 * Source: v3.17 mm/madvise.c (madvise_dontneed), v6.18 mm/madvise.c (madvise_pageout).
 */
export function zap_page_range(
  current: task_struct,
  vma: vm_area_struct,
  start: number,
  nr_pages: number,
  advice: "dontneed" | "pageout",
): void {
  const gone = vma.kind === "file" ? pte_file : advice === "pageout" && vma.backing !== null ? pte_swap : pte_none;
  const first = pageIndex(vma, start);
  const { costs } = current.kernel;
  const { present, hugePages } = vma.tables.contents(first, nr_pages);
  current.charge(present * costs.zap_page + hugePages * costs.zap_huge);
  for (let i = first; i < Math.min(first + nr_pages, vma.nrPages); i++) {
    if (isReadable(vma.pte[i])) vma.unmap(i, gone);
  }
}

/**
 * Starts the reads of the missing pages of a range, a submission each, and waits for none.
 *
 * Source: v3.17 mm/madvise.c (swapin_walk_pmd_entry, force_page_cache_readahead).
 */
export function* startReads(current: task_struct, vma: vm_area_struct, start: number, nr_pages: number): Steps {
  const first = pageIndex(vma, start);
  const { backing } = vma;
  if (backing === null || backing.ioClass === "userfault") return;
  for (let i = first; i < Math.min(first + nr_pages, vma.nrPages); i++) {
    const isAway = vma.pte[i] === pte_swap || vma.pte[i] === pte_file;
    if (!isAway || findCached(current, vma, i) !== null) continue;
    current.charge(current.kernel.costs.io_submit);
    if (current.settles()) yield;
    readPages(current, vma, backing, [i]);
  }
}
