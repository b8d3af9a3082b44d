import type { Steps } from "../../../engine/task.ts";
import { EFAULT, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { get_user_pages_unlocked, type PageVector } from "../gup.ts";

/** Pages of one chunk: two pages full of page pointers. Source: v3.17 mm/process_vm_access.c (PVM_MAX_KMALLOC_PAGES). */
const PVM_MAX_USER_PAGES = (2 * PAGE_SIZE) / 8;

/**
 * Reads `nr_pages` pages of another process. In v3.17 each chunk is get_user_pages between down_read and up_read, which is
 * what `get_user_pages_unlocked` is with `gup=plain`. Returns 0 or -EFAULT.
 *
 * Source: v3.17 mm/process_vm_access.c.
 * Left out: iovecs, partial pages.
 */
export function* process_vm_rw_single_vec(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  nr_pages: number,
  vm_write: boolean,
): Steps<number> {
  const { costs } = current.kernel;
  current.site = "process_vm_rw_single_vec";
  let pa = addr;
  let left = nr_pages;
  while (left > 0) {
    const process_pages: PageVector = [];
    const wanted = Math.min(left, PVM_MAX_USER_PAGES);
    const pages = yield* get_user_pages_unlocked(current, mm, pa, wanted, vm_write, false, process_pages);
    if (pages <= 0) return -EFAULT;
    current.charge(pages * (costs.copy_page + costs.put_page));
    left -= pages;
    pa += pages * PAGE_SIZE;
  }
  return 0;
}
