import { PAGE_SIZE } from "../include/linux/mm.ts";
import { type mm_struct, pte_unmapped, type vm_area_struct } from "../include/linux/mm_types.ts";

/**
 * The first mapping that ends above `addr`, null when there is none. It need not contain `addr`.
 *
 * Source: v3.17 mm/mmap.c.
 * Left out: vmacache. Where a part of a mapping was unmapped, the rest of it is still one mapping here, with one VMA lock and one line
 * in /proc/PID/maps; its addresses without a page are found as the hole that they are.
 */
export function find_vma(mm: mm_struct, addr: number): vm_area_struct | null {
  const below = mm.mm_rb.upTo(addr);
  if (below === null || below.vm_end <= addr) return mm.mm_rb.above(addr);
  return below.pte[pageIndex(below, addr)] === pte_unmapped ? mm.mm_rb.above(addr) : below;
}

/** Number of the page of `vma` that contains `address`. */
export function pageIndex(vma: vm_area_struct, address: number): number {
  return Math.floor((address - vma.vm_start) / PAGE_SIZE);
}
