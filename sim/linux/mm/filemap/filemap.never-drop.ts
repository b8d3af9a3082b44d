import type { Steps } from "../../../engine/task.ts";
import type { page, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { wait_on_page_locked } from "../filemap.ts";

export { fault_dirty_shared_page, filemap_fault } from "./filemap.v3.17.ts";

/**
 * Waits for the page with the lock held, whoever asks: FAULT_FLAG_ALLOW_RETRY came with v2.6.37.
 *
 * Source: v2.6.36 mm/filemap.c (lock_page), by the text of commit d065bd810b6d that changed it.
 */
export function* __lock_page_or_retry(
  current: task_struct,
  vma: vm_area_struct,
  page: page,
  _flags: number,
): Steps<boolean> {
  yield* wait_on_page_locked(current, vma, page, false);
  return true;
}
