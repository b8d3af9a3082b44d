import type { Steps } from "../../../engine/task.ts";
import { FAULT_FLAG_RETRY_NOWAIT, fault_flag_allow_retry_first, VM_FAULT_COMPLETED } from "../../include/linux/mm.ts";
import type { page, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { lockPageOrRetry } from "../filemap.ts";
import { release_fault_lock } from "../mmap_lock.ts";
import { dirtyStall } from "../swap/page_io.ts";

export { filemap_fault } from "./filemap.v5.1.ts";

/**
 * As v3.17's, but only a first attempt drops the lock: with TRIED the IO is waited for with it held, though ALLOW_RETRY is set.
 *
 * Source: v6.18 mm/filemap.c (__folio_lock_or_retry); the predicate since v5.7.
 */
export function __lock_page_or_retry(
  current: task_struct,
  vma: vm_area_struct,
  page: page,
  flags: number,
): Steps<boolean> {
  return lockPageOrRetry(current, vma, page, flags, fault_flag_allow_retry_first(flags), "__folio_lock_or_retry");
}

/**
 * A write to a file page by one who has dirtied too much: on a first attempt the lock is dropped before the wait, and the answer
 * is that the fault is done.
 *
 * Source: v6.18 mm/memory.c.
 */
export function* fault_dirty_shared_page(
  current: task_struct,
  vma: vm_area_struct,
  index: number,
  flags: number,
): Steps<number> {
  const drops = fault_flag_allow_retry_first(flags) && !(flags & FAULT_FLAG_RETRY_NOWAIT);
  if (drops) yield* release_fault_lock(current, vma, flags, "fault_dirty_shared_page");
  yield* dirtyStall(current, vma, index);
  return drops ? VM_FAULT_COMPLETED : 0;
}
