import type { Steps } from "../../../../engine/task.ts";
import {
  EBUSY,
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_WRITE,
  FOLL_NOWAIT,
  FOLL_TRIED,
  FOLL_WRITE,
  VM_FAULT_ERROR,
  VM_FAULT_RETRY,
} from "../../../include/linux/mm.ts";
import type { vm_area_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { type LockedPointer, vm_fault_to_errno } from "../../gup.ts";
import { handle_mm_fault } from "../../memory.ts";

export { fatal_signal_errno, gup_read_lock, madv_populate_pass, populate_pass } from "./gup-faultin.v3.17.ts";

/**
 * As v3.17's, but with FOLL_NOWAIT the locked pointer stays 1, for the lock is held; and there are no stack guard pages any more.
 *
 * Source: v5.4 mm/gup.c.
 */
export function* faultin_page(
  current: task_struct,
  vma: vm_area_struct,
  address: number,
  flags: number,
  nonblocking: LockedPointer | null,
): Steps<number> {
  let fault_flags = 0;
  if (flags & FOLL_WRITE) fault_flags |= FAULT_FLAG_WRITE;
  if (nonblocking !== null) fault_flags |= FAULT_FLAG_ALLOW_RETRY;
  if (flags & FOLL_NOWAIT) fault_flags |= FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_RETRY_NOWAIT;
  if (flags & FOLL_TRIED) fault_flags |= FAULT_FLAG_TRIED;

  const ret = yield* handle_mm_fault(current, vma, address, fault_flags);
  if (ret & VM_FAULT_ERROR) return vm_fault_to_errno(ret, flags);
  if (ret & VM_FAULT_RETRY) {
    if (nonblocking !== null && !(fault_flags & FAULT_FLAG_RETRY_NOWAIT)) nonblocking.value = 0;
    return -EBUSY;
  }
  return 0;
}
