import type { Steps } from "../../engine/task.ts";
import type { mm_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { fixup_user_fault } from "../mm/gup/gup-wrappers.ts";
import { down_read, up_read } from "./locking/rwsem.ts";

/**
 * Makes the page of a private futex writable for FUTEX_WAKE_OP and FUTEX_LOCK_PI: there is no leave to drop the lock, in any version.
 * Returns 0 or -errno.
 *
 * Source: v3.17 kernel/futex.c, v6.18 kernel/futex/core.c.
 * Left out: the first access, which has faulted with page faults disabled.
 */
export function* fault_in_user_writeable(current: task_struct, mm: mm_struct, uaddr: number): Steps<number> {
  current.site = "fault_in_user_writeable";
  yield* down_read(current, mm.mmap_sem, "fault_in_user_writeable");
  const ret = yield* fixup_user_fault(current, mm, uaddr, true, null);
  yield* up_read(current, mm.mmap_sem, "fault_in_user_writeable");
  return ret;
}
