import { HPAGE_PMD_NR, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { Backing, page, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { __swapin_nr_pages, readWindow } from "./swap_state.ts";

/** What the mapping's word for hits can hold. Source: v5.19 mm/swap_state.c (SWAP_RA_HITS_MAX). */
const hitsMax = 63;

/**
 * Reads the page at `index` from swap together with its neighbours in the mapping: those ahead of a fault that follows the last one, those
 * behind it where faults go down, and both else. The neighbours finish with it. Returns the page at `index`, locked unless the device is
 * synchronous.
 *
 * Source: v5.19 mm/swap_state.c (swap_vma_readahead, swap_ra_info), since v4.14.
 * Left out: rotating disks, one of which makes all swap be read by swap slots; the plug, lru_add_drain(), failing allocation.
 */
export function swapin_readahead(current: task_struct, vma: vm_area_struct, backing: Backing, index: number): page {
  const skips = backing.synchronous && current.kernel.ops.synchronous_swap_skips_cluster;
  if (skips || backing.maxReadahead <= 1) return readWindow(current, vma, backing, index, index, index + 1);
  const { ra } = vma;
  const last = ra.vma_prev;
  const window = __swapin_nr_pages(last, index, ra.vma_hits, backing.maxReadahead, ra.vma_win);
  ra.vma_prev = index;
  ra.vma_win = window;
  ra.vma_hits = 0;

  let start = index - Math.floor((window - 1) / 2);
  if (index === last + 1) start = index;
  else if (index === last - 1) start = index - window + 1;
  // Not beyond the page table of the fault.
  const table = index - ((vma.vm_start / PAGE_SIZE + index) % HPAGE_PMD_NR);
  const end = Math.min(start + window, table + HPAGE_PMD_NR);
  return readWindow(current, vma, backing, index, Math.max(start, table, 0), end);
}

/**
 * Remembers where in the mapping the swap cache had a page, and counts the hit where `page` came by read-ahead.
 *
 * Source: v5.19 mm/swap_state.c (lookup_swap_cache).
 */
export function count_swap_hit(vma: vm_area_struct, index: number, page: page): void {
  vma.ra.vma_prev = index;
  if (!page.readahead) return;
  page.readahead = false;
  vma.ra.vma_hits = Math.min(vma.ra.vma_hits + 1, hitsMax);
}
