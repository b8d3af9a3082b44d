import type { Steps } from "../../../engine/task.ts";
import { EFAULT, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import type { LockedPointer, PageVector } from "../gup.ts";
import { find_vma } from "../mmap.ts";

/**
 * Without an MMU all memory of a mapping is there: nothing faults, nothing is waited for, `locked` is ignored and stays 1.
 *
 * Source: v4.0 mm/nommu.c.
 * Left out: what of a mapping may be written.
 */
export function* __get_user_pages_locked(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  _flags: number,
  pages: PageVector | null,
  _locked: LockedPointer,
  _notify_drop: boolean,
): Steps<number> {
  const { costs } = current.kernel;
  for (let i = 0; i < nr_pages; i++) {
    const vma = find_vma(mm, start + i * PAGE_SIZE);
    current.charge(costs.find_vma + costs.follow_page);
    if (vma === null || vma.vm_start > start + i * PAGE_SIZE) return i === 0 ? -EFAULT : i;
    if (pages !== null) pages.push(start + i * PAGE_SIZE);
  }
  if (current.settles()) yield;
  return nr_pages;
}
