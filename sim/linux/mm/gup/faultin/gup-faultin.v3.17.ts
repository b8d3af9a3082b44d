import type { Steps } from "../../../../engine/task.ts";
import {
  EBUSY,
  ENOENT,
  ERESTARTSYS,
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_WRITE,
  FOLL_MLOCK,
  FOLL_NOWAIT,
  FOLL_TOUCH,
  FOLL_TRIED,
  FOLL_WRITE,
  VM_FAULT_ERROR,
  VM_FAULT_RETRY,
} from "../../../include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { down_read } from "../../../kernel/locking/rwsem.ts";
import { __get_user_pages, type LockedPointer, populateFlags, vm_fault_to_errno } from "../../gup.ts";
import { handle_mm_fault } from "../../memory.ts";

/** What a pending SIGKILL ends get_user_pages with. Source: v3.17 mm/gup.c. */
export const fatal_signal_errno = ERESTARTSYS;

/** How get_user_pages_unlocked takes the lock: no signal ends the wait. Source: v4.0 mm/gup.c. */
export function* gup_read_lock(...args: Parameters<typeof down_read>): Steps<boolean> {
  yield* down_read(...args);
  return true;
}

/**
 * One pass of mlock and MAP_POPULATE over pages of one mapping: the core itself, which may drop the lock whatever get_user_pages does.
 *
 * Source: v3.17 mm/mlock.c (__mlock_vma_pages_range), v5.4 mm/gup.c (populate_vma_page_range).
 */
export function populate_pass(
  current: task_struct,
  vma: vm_area_struct,
  start: number,
  nr_pages: number,
  locked: LockedPointer,
): Steps<number> {
  const flags = populateFlags(vma) | FOLL_MLOCK;
  return __get_user_pages(current, vma.vm_mm, start, nr_pages, flags, null, locked);
}

/**
 * One pass of MADV_POPULATE_READ over the range: the core itself, with nothing to say that a page was waited for before.
 *
 * Source: v5.15 and v6.8 mm/gup.c (faultin_vma_page_range). v3.17 to v5.13 have no such advice.
 */
export function madv_populate_pass(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  locked: LockedPointer,
): Steps<number> {
  return __get_user_pages(current, mm, start, nr_pages, FOLL_TOUCH, null, locked);
}

/**
 * Faults one page in. Returns 0, -errno, -ENOENT for a stack guard page in a walk for mlock, which is skipped, or -EBUSY when the
 * handler said RETRY; the lock is then dropped unless FOLL_NOWAIT is set.
 *
 * v3.17 to v4.15 clear the locked pointer on every RETRY, also with FOLL_NOWAIT, when the lock is still held: nobody passed
 * both until v4.16.
 *
 * Source: v3.17 mm/gup.c; FOLL_TRIED: v4.0.
 */
export function* faultin_page(
  current: task_struct,
  vma: vm_area_struct,
  address: number,
  flags: number,
  nonblocking: LockedPointer | null,
): Steps<number> {
  if (flags & FOLL_MLOCK && vma.VM_GROWSDOWN && address === vma.vm_start) return -ENOENT;
  let fault_flags = 0;
  if (flags & FOLL_WRITE) fault_flags |= FAULT_FLAG_WRITE;
  if (nonblocking !== null) fault_flags |= FAULT_FLAG_ALLOW_RETRY;
  if (flags & FOLL_NOWAIT) fault_flags |= FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_RETRY_NOWAIT;
  if (flags & FOLL_TRIED) fault_flags |= FAULT_FLAG_TRIED;

  const ret = yield* handle_mm_fault(current, vma, address, fault_flags);
  if (ret & VM_FAULT_ERROR) return vm_fault_to_errno(ret, flags);
  if (ret & VM_FAULT_RETRY) {
    if (nonblocking !== null) nonblocking.value = 0;
    return -EBUSY;
  }
  return 0;
}
