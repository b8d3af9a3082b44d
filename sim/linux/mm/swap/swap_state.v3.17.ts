import type { page, vm_area_struct } from "../../include/linux/mm_types.ts";

export { swap_cluster_readahead as swapin_readahead } from "./swap_state.ts";

/** Counts the hit where `page`, found in the swap cache, came by read-ahead. Source: v3.17 mm/swap_state.c (lookup_swap_cache). */
export function count_swap_hit(vma: vm_area_struct, _index: number, page: page): void {
  if (!page.readahead) return;
  page.readahead = false;
  vma.ra.swapin_readahead_hits++;
}
