import { PAGE_SIZE } from "../include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../include/linux/mm_types.ts";

/**
 * The first mapping that ends above `addr`, null when there is none. It need not contain `addr`.
 *
 * Source: v3.17 mm/mmap.c.
 * Left out: vmacache.
 */
export function find_vma(mm: mm_struct, addr: number): vm_area_struct | null {
  const below = mm.mm_rb.upTo(addr);
  return below !== null && below.vm_end > addr ? below : mm.mm_rb.above(addr);
}

/** Number of the page of `vma` that contains `address`. */
export function pageIndex(vma: vm_area_struct, address: number): number {
  return Math.floor((address - vma.vm_start) / PAGE_SIZE);
}
