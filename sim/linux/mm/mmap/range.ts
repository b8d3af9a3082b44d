/** Which mapping munmap(2) is about, and whether as a whole. */
import { PAGE_SIZE } from "../../include/linux/mm.ts";
import { type mm_struct, pte_unmapped, type vm_area_struct } from "../../include/linux/mm_types.ts";
import { find_vma, pageIndex } from "../mmap.ts";

/** Pages of one mapping that go. `isWhole`: nothing is left of it. */
export interface UnmappedRange {
  readonly vma: vm_area_struct;
  readonly first: number;
  readonly pages: number;
  readonly isWhole: boolean;
}

/**
 * What `nr_pages` pages from `start` are of the mapping there; null when nothing is mapped there.
 *
 * Source: v3.17 mm/mmap.c (do_munmap), v6.18 mm/vma.c (vms_gather_munmap_vmas).
 * Left out: further mappings in the range.
 */
export function unmappedRange(mm: mm_struct, start: number, nr_pages: number): UnmappedRange | null {
  const vma = find_vma(mm, start);
  if (vma === null || vma.vm_start >= start + nr_pages * PAGE_SIZE) return null;
  const first = Math.max(0, pageIndex(vma, start));
  const pages = Math.min(vma.nrPages, pageIndex(vma, start) + nr_pages) - first;
  const isRest = (pte: number, index: number): boolean =>
    pte !== pte_unmapped && (index < first || index >= first + pages);
  return { vma, first, pages, isWhole: pages === vma.nrPages || !vma.pte.some(isRest) };
}
