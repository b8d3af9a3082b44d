import type { Steps } from "../../../engine/task.ts";
import { ENOMEM } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_write } from "../../kernel/locking/rwsem.ts";
import { find_vma } from "../mmap.ts";
import { mmap_write_unlock, vma_start_write } from "../mmap_lock.ts";

/**
 * mprotect(2) inside the mapping at `start`. Returns 0 or -ENOMEM.
 *
 * Source: v3.17 (sys_mprotect) and v6.18 mm/mprotect.c.
 * Left out: what is allowed afterwards, the walk of the page tables, faults of mlocked private file pages.
 */
export function* do_mprotect_pkey(current: task_struct, mm: mm_struct, start: number): Steps<number> {
  current.site = "do_mprotect_pkey";
  yield* down_write(current, mm.mmap_sem, "do_mprotect_pkey");
  const vma = find_vma(mm, start);
  if (vma !== null) {
    yield* vma_start_write(current, vma);
    current.charge(current.kernel.costs.mprotect_fixup);
  }
  yield* mmap_write_unlock(current, mm, "do_mprotect_pkey");
  return vma === null ? -ENOMEM : 0;
}
