import type { Steps } from "../../../../engine/task.ts";
import { get_user_pages_fast } from "../../../arch/x86/mm/gup.ts";
import type { mm_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { down_read, up_read } from "../../../kernel/locking/rwsem.ts";

/**
 * get_mempolicy(MPOL_F_NODE|MPOL_F_ADDR): finds the mapping under the lock, lets it go, and gets the page by gup_fast. Returns pages or
 * -errno.
 *
 * Source: v6.18 mm/mempolicy.c (lookup_node).
 */
export function* do_get_mempolicy(current: task_struct, mm: mm_struct, addr: number): Steps<number> {
  current.site = "do_get_mempolicy";
  yield* down_read(current, mm.mmap_sem, "do_get_mempolicy");
  current.charge(current.kernel.costs.find_vma);
  yield* up_read(current, mm.mmap_sem, "do_get_mempolicy");
  return yield* get_user_pages_fast(current, mm, addr, 1, false, []);
}
