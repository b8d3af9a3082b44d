import type { Steps } from "../../../../engine/task.ts";
import {
  EAGAIN,
  EBUSY,
  EINTR,
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_KILLABLE,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_WRITE,
  FOLL_NOWAIT,
  FOLL_TRIED,
  FOLL_UNLOCKABLE,
  FOLL_WRITE,
  VM_FAULT_COMPLETED,
  VM_FAULT_ERROR,
  VM_FAULT_RETRY,
} from "../../../include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { down_read_killable } from "../../../kernel/locking/rwsem.ts";
import {
  __get_user_pages,
  get_user_pages_locked,
  type LockedPointer,
  populateFlags,
  vm_fault_to_errno,
} from "../../gup.ts";
import { handle_mm_fault } from "../../memory.ts";

/** What a pending SIGKILL ends get_user_pages with. Source: v6.18 mm/gup.c. */
export const fatal_signal_errno = EINTR;

/** How get_user_pages_unlocked takes the lock: SIGKILL ends the wait. Source: v6.18 mm/gup.c. */
export const gup_read_lock = down_read_killable;

/**
 * One pass of mlock and MAP_POPULATE over pages of one mapping: the core itself, so that every attempt is a first one to the handler.
 *
 * Source: v6.18 mm/gup.c (populate_vma_page_range).
 */
export function populate_pass(
  current: task_struct,
  vma: vm_area_struct,
  start: number,
  nr_pages: number,
  locked: LockedPointer,
): Steps<number> {
  const flags = populateFlags(vma) | FOLL_UNLOCKABLE;
  return __get_user_pages(current, vma.vm_mm, start, nr_pages, flags, null, locked);
}

/**
 * One pass of MADV_POPULATE_READ over the range, with the retries of every call: a page that is away again is waited for with the lock
 * held.
 *
 * Source: v6.12 and v6.18 mm/gup.c (faultin_page_range).
 */
export function madv_populate_pass(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  locked: LockedPointer,
): Steps<number> {
  return get_user_pages_locked(current, mm, start, nr_pages, false, false, null, locked);
}

/**
 * Faults one page in. FOLL_UNLOCKABLE permits the drop; a retried attempt may still say RETRY. Returns 0, -errno, -EBUSY for RETRY,
 * or -EAGAIN when the fault is done and the lock dropped.
 *
 * Source: v6.18 mm/gup.c.
 * Left out: FOLL_NOFAULT, unsharing, write notification.
 */
export function* faultin_page(
  current: task_struct,
  vma: vm_area_struct,
  address: number,
  flags: number,
  locked: LockedPointer | null,
): Steps<number> {
  let fault_flags = 0;
  if (flags & FOLL_WRITE) fault_flags |= FAULT_FLAG_WRITE;
  if (flags & FOLL_UNLOCKABLE) fault_flags |= FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE;
  if (flags & FOLL_NOWAIT) fault_flags |= FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_RETRY_NOWAIT;
  if (flags & FOLL_TRIED) fault_flags |= FAULT_FLAG_TRIED;

  const ret = yield* handle_mm_fault(current, vma, address, fault_flags);
  if (ret & VM_FAULT_COMPLETED) {
    // The loop must find the mapping again.
    if (locked !== null) locked.value = 0;
    return -EAGAIN;
  }
  if (ret & VM_FAULT_ERROR) return vm_fault_to_errno(ret, flags);
  if (ret & VM_FAULT_RETRY) {
    if (locked !== null && !(fault_flags & FAULT_FLAG_RETRY_NOWAIT)) locked.value = 0;
    return -EBUSY;
  }
  return 0;
}
