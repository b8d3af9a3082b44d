import type { Steps } from "../../engine/task.ts";
import { isReadable, pte_unmapped, type vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";

/**
 * Closes a mapping. Where it is a shared file of a FUSE server with dirty pages, they are written back and waited for, with whatever
 * lock the caller has.
 *
 * Source: v3.17 mm/mmap.c, v6.18 mm/vma.c; fs/fuse/file.c (fuse_vma_close).
 * Left out: the reference on the file, policies. The pages of one close are one request.
 */
export function* remove_vma(current: task_struct, vma: vm_area_struct): Steps {
  if (vma.dirty === 0 || vma.backing?.ioClass !== "fuse") return;
  const { device } = vma.backing;
  const { dirty } = vma;
  vma.dirty = 0;
  current.charge(current.kernel.costs.io_submit);
  if (current.settles()) yield;
  let isDone = false;
  const complete = (): void => {
    isDone = true;
    current.kernel.cpus.wake(current, 0);
  };
  const speedup = current.kernel.ioSpeedup(current.site);
  device.submit({ page: 0, nth: vma.nextRead(0), pages: dirty, speedup, complete }, current.nr, current.site);
  while (!isDone) {
    current.sleepFor("fuse", false, device.servers);
    yield;
    current.wokeFrom("fuse");
  }
}

/**
 * Takes all pages of a mapping away that goes itself: page by page, and the page tables after them. The first table is part of
 * the price of the call.
 *
 * Source: v3.17 and v6.18 mm/memory.c (unmap_page_range, free_pgtables).
 */
export function zap_mapping(current: task_struct, vma: vm_area_struct): void {
  const { costs } = current.kernel;
  const { tables, present, hugePages } = vma.tables.contents();
  current.charge(present * costs.zap_page + hugePages * costs.zap_huge + Math.max(0, tables - 1) * costs.zap_table);
}

/**
 * Takes the pages of a part of a mapping away: nothing is mapped at its addresses any more.
 *
 * Source: v3.17 mm/mmap.c (unmap_region), v6.18 mm/vma.c.
 */
export function zap_part(current: task_struct, vma: vm_area_struct, first: number, pages: number): void {
  const { costs } = current.kernel;
  const { wholeTables, present, hugePages } = vma.tables.contents(first, pages);
  current.charge(present * costs.zap_page + hugePages * costs.zap_huge + wholeTables * costs.zap_table);
  for (let i = first; i < first + pages; i++) {
    if (isReadable(vma.pte[i])) vma.unmap(i, pte_unmapped);
    else vma.setPte(i, pte_unmapped);
    vma.cache.delete(i);
  }
}
