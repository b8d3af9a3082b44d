import type { Steps } from "../../../../engine/task.ts";
import { PAGE_SIZE } from "../../../include/linux/mm.ts";
import { type mm_struct, pte_present, isReadable } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { get_user_pages_unlocked, type PageVector } from "../../../mm/gup.ts";
import { find_vma, pageIndex } from "../../../mm/mmap.ts";

/**
 * Walks the page tables with interrupts off and no lock, and stops at the first page that is not usable. Returns 0..nr_pages,
 * never an error; never sleeps.
 *
 * Source: v3.17 arch/x86/mm/gup.c.
 * Left out: the interrupt-off latency.
 */
export function __get_user_pages_fast(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  write: boolean,
  pages: PageVector,
): number {
  let nr = 0;
  while (nr < nr_pages) {
    const address = start + nr * PAGE_SIZE;
    const vma = find_vma(mm, address);
    if (vma === null || vma.vm_start > address) break;
    const pte = vma.pte[pageIndex(vma, address)];
    if (pte !== pte_present && (write || !isReadable(pte))) break;
    current.charge(current.kernel.costs.gup_fast_page);
    pages.push(address);
    nr++;
  }
  return nr;
}

/**
 * Lockless first, then the rest through the slow call, which takes the lock: never to be called with it held. What the slow
 * call does with the lock over IO is the axis `gup`.
 *
 * Source: v3.17 arch/x86/mm/gup.c, v4.0 the same.
 */
export function* get_user_pages_fast(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  write: boolean,
  pages: PageVector,
): Steps<number> {
  const nr = __get_user_pages_fast(current, mm, start, nr_pages, write, pages);
  if (nr === nr_pages) return nr;
  const rest = start + nr * PAGE_SIZE;
  const ret = yield* get_user_pages_unlocked(current, mm, rest, nr_pages - nr, write, false, pages);
  // Have to be careful with return values: an error after progress is a short count.
  if (nr === 0) return ret;
  return ret < 0 ? nr : nr + ret;
}
