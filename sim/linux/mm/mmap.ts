import type { Steps } from "../../engine/task.ts";
import { PAGE_SIZE } from "../include/linux/mm.ts";
import { type mm_struct, pte_present, vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_write, up_write } from "../kernel/locking/rwsem.ts";

/**
 * The first mapping that ends above `addr`, null when there is none. It need not contain `addr`.
 *
 * Source: v3.17 mm/mmap.c.
 * Left out: vmacache.
 */
export function find_vma(mm: mm_struct, addr: number): vm_area_struct | null {
  const below = mm.mm_rb.reverseLowerBound(addr);
  if (below.isAccessible() && below.pointer[1].vm_end > addr) return below.pointer[1];
  const above = mm.mm_rb.upperBound(addr);
  return above.isAccessible() ? above.pointer[1] : null;
}

/**
 * mmap(2) of `pages` anonymous pages, from the place that takes the lock. Returns the address.
 *
 * Source: v3.17 mm/util.c (vm_mmap_pgoff), mm/mmap.c (do_mmap_pgoff, mmap_region).
 * Left out: security hooks, accounting, merging with a neighbour, MAP_POPULATE.
 */
export function* vm_mmap_pgoff(current: task_struct, mm: mm_struct, pages: number): Steps<number> {
  const site = current.site;
  current.site = "vm_mmap_pgoff";
  yield* down_write(current, mm.mmap_sem, "vm_mmap_pgoff");
  const vma = new vm_area_struct({
    mm,
    name: "anon",
    start: mm.unmappedArea(pages),
    pages,
    kind: "anon",
    random: false,
    backing: null,
    keep: Number.POSITIVE_INFINITY,
    reclaimAfter: () => Number.POSITIVE_INFINITY,
  });
  mm.mm_rb.setElement(vma.vm_start, vma);
  current.charge(current.kernel.costs.mmap_region);
  yield* up_write(current, mm.mmap_sem, "vm_mmap_pgoff");
  current.site = site;
  return vma.vm_start;
}

/**
 * munmap(2) of one whole mapping, from the place that takes the lock. The lock is held for write during the whole zap.
 * Returns 0.
 *
 * Source: v3.17 mm/mmap.c.
 * Left out: splitting, unmapping several mappings, TLB flushes.
 */
export function* vm_munmap(current: task_struct, mm: mm_struct, start: number): Steps<number> {
  const site = current.site;
  current.site = "vm_munmap";
  yield* down_write(current, mm.mmap_sem, "vm_munmap");
  const vma = mm.mm_rb.getElementByKey(start);
  if (vma !== undefined) {
    const zapped = vma.pte.reduce((sum, pte) => (pte === pte_present ? sum + 1 : sum), 0);
    mm.mm_rb.eraseElementByKey(start);
    current.charge(current.kernel.costs.do_munmap + zapped * current.kernel.costs.zap_page);
  }
  yield* up_write(current, mm.mmap_sem, "vm_munmap");
  current.site = site;
  return 0;
}

/** Number of the page of `vma` that contains `address`. */
export function pageIndex(vma: vm_area_struct, address: number): number {
  return Math.floor((address - vma.vm_start) / PAGE_SIZE);
}
