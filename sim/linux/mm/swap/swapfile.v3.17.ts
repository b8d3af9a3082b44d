import type { Steps } from "../../../engine/task.ts";
import { PAGE_SIZE } from "../../include/linux/mm.ts";
import { type Backing, type mm_struct, pte_swap } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { wait_on_page_locked } from "../filemap.ts";
import { find_vma, pageIndex } from "../mmap.ts";
import { findCached, readPages } from "./page_io.ts";

/**
 * swapoff(2) brings the swapped pages of one process back, one after the other: each is read and waited for without the lock, and put into
 * the page tables in a hold of its own. Returns 0.
 *
 * Source: v3.17 mm/swapfile.c (try_to_unuse, unuse_mm).
 * Left out: the other processes; here it is limited to `pages` pages from `start`.
 */
export function* unuse_mm(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  const { costs } = current.kernel;
  current.site = "unuse_mm";
  for (let i = 0; i < pages; i++) {
    const address = start + i * PAGE_SIZE;
    const vma = find_vma(mm, address);
    if (vma === null || vma.vm_start > address) continue;
    const index = pageIndex(vma, address);
    if (vma.pte[index] !== pte_swap) continue;
    current.charge(costs.io_submit);
    if (current.settles()) yield;
    const page = findCached(current, vma, index) ?? readPages(current, vma, vma.backing as Backing, [index]);
    yield* wait_on_page_locked(current, vma, page, false);
    yield* down_read(current, mm.mmap_sem, "unuse_mm");
    if (page.uptodate && vma.pte[index] === pte_swap) vma.map(index);
    current.charge(costs.map_page);
    yield* up_read(current, mm.mmap_sem, "unuse_mm");
  }
  return 0;
}
