import type { Steps } from "../../../../engine/task.ts";
import type { mm_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { down_read, up_read } from "../../../kernel/locking/rwsem.ts";
import { get_user_pages_locked, isHeld, type LockedPointer } from "../../gup.ts";

/**
 * get_mempolicy(MPOL_F_NODE|MPOL_F_ADDR): finds the mapping and the page in one section, which an IO ends. Returns pages or -errno.
 *
 * Source: v5.4 mm/mempolicy.c (lookup_node); get_user_pages_fast from v6.1 on.
 */
export function* do_get_mempolicy(current: task_struct, mm: mm_struct, addr: number): Steps<number> {
  current.site = "do_get_mempolicy";
  yield* down_read(current, mm.mmap_sem, "do_get_mempolicy");
  current.charge(current.kernel.costs.find_vma);
  const locked: LockedPointer = { value: 1 };
  const got = yield* get_user_pages_locked(current, mm, addr, 1, false, false, [], locked);
  if (isHeld(locked)) yield* up_read(current, mm.mmap_sem, "lookup_node");
  return got;
}
