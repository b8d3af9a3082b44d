import type { Steps } from "../../engine/task.ts";
import type { vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";

/**
 * The first touch of a huge page of 2 MiB: it is cleared with the lock held. Never swapped, never retried.
 *
 * Source: v3.17 and v6.18 mm/hugetlb.c.
 * Left out: the mutex that serialises faults on one page, other sizes, COW.
 */
export function* hugetlb_fault(current: task_struct, vma: vm_area_struct, index: number): Steps<number> {
  current.charge(current.kernel.costs.hugetlb_fault);
  if (current.settles()) yield;
  vma.mapHuge(index);
  return 0;
}
