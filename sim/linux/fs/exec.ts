import type { Steps } from "../../engine/task.ts";
import type { mm_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_read, up_read } from "../kernel/locking/rwsem.ts";

/**
 * exec(2) leaves `mm`: the old lock is held for read around the switch, so that no core dump begins meanwhile.
 *
 * Source: v3.17 fs/exec.c.
 * Left out: the new address space, whose lock nobody else wants; the end of the old one.
 */
export function* exec_mmap(current: task_struct, mm: mm_struct): Steps<number> {
  current.site = "exec_mmap";
  yield* down_read(current, mm.mmap_sem, "exec_mmap");
  current.charge(current.kernel.costs.exec_mmap);
  yield* up_read(current, mm.mmap_sem, "exec_mmap");
  return 0;
}
