import { type Backing, type page, pte_swap, type vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { findCached, readPages } from "./page_io.ts";

/**
 * Reads the page at `index` from swap together with its neighbours in the aligned window of swap slots. The neighbours finish with it.
 * Returns the page at `index`, locked unless the device is synchronous.
 *
 * Source: v3.17 mm/swap_state.c (swapin_readahead); v5.19 mm/swap_state.c (swap_cluster_readahead); v4.15 mm/memory.c (do_swap_page, of
 * a synchronous device).
 * Left out: the plug, lru_add_drain(), failing allocation.
 */
export function swap_cluster_readahead(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
): page {
  const skips = backing.synchronous && current.kernel.ops.synchronous_swap_skips_cluster;
  const window = skips ? 1 : swapin_nr_pages(vma, index, backing.maxReadahead);
  const start = index - (index % window);
  return readWindow(current, vma, backing, index, start, start + window);
}

/** Reads `index` and those pages from `start` up to `end` (exclusive) that are in swap and not in the cache. */
export function readWindow(
  current: task_struct,
  vma: vm_area_struct,
  backing: Backing,
  index: number,
  start: number,
  end: number,
): page {
  const indices: [number, ...number[]] = [index];
  for (let i = start; i < end && i < vma.nrPages; i++) {
    if (i !== index && vma.pte[i] === pte_swap && findCached(current, vma, i) === null) indices.push(i);
  }
  const wanted = readPages(current, vma, backing, indices);
  current.charge(indices.length * current.kernel.costs.add_page);
  for (const i of indices) {
    const neighbour = vma.cache.get(i);
    if (neighbour !== undefined && neighbour !== wanted) neighbour.readahead = true;
  }
  return wanted;
}

/**
 * The size of the window of swap slots, at most `max_pages`, from hits in the windows before and the last fault.
 *
 * Source: v3.17 mm/swap_state.c.
 */
export function swapin_nr_pages(vma: vm_area_struct, offset: number, max_pages: number): number {
  if (max_pages <= 1) return 1;
  const { ra } = vma;
  const hits = ra.swapin_readahead_hits;
  ra.swapin_readahead_hits = 0;
  const pages = __swapin_nr_pages(ra.prev_offset, offset, hits, max_pages, ra.last_readahead_pages);
  if (hits === 0) ra.prev_offset = offset;
  ra.last_readahead_pages = pages;
  return pages;
}

/**
 * The size of a window, a power of two: grows with hits in earlier windows; without any it is 2 next to the last fault
 * and 1 elsewhere; never less than half of the last.
 *
 * Source: v5.19 mm/swap_state.c; the same rule as in v3.17.
 */
export function __swapin_nr_pages(
  prev_offset: number,
  offset: number,
  hits: number,
  max_pages: number,
  prev_win: number,
): number {
  let pages: number;
  if (hits === 0) {
    pages = Math.abs(offset - prev_offset) === 1 ? 2 : 1;
  } else {
    pages = 4;
    while (pages < hits + 2) pages *= 2;
  }
  return Math.max(Math.min(pages, max_pages), Math.floor(prev_win / 2));
}
