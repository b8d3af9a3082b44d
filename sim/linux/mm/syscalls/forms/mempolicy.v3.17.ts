import type { Steps } from "../../../../engine/task.ts";
import type { mm_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { down_read, up_read } from "../../../kernel/locking/rwsem.ts";
import { get_user_pages } from "../../gup.ts";

/**
 * get_mempolicy(MPOL_F_NODE|MPOL_F_ADDR): finds the mapping and the page under one hold, over the page's IO. Returns pages or -errno.
 *
 * Source: v3.17 mm/mempolicy.c (lookup_node).
 */
export function* do_get_mempolicy(current: task_struct, mm: mm_struct, addr: number): Steps<number> {
  current.site = "do_get_mempolicy";
  yield* down_read(current, mm.mmap_sem, "do_get_mempolicy");
  current.charge(current.kernel.costs.find_vma);
  const got = yield* get_user_pages(current, mm, addr, 1, false, false, []);
  yield* up_read(current, mm.mmap_sem, "do_get_mempolicy");
  return got;
}
