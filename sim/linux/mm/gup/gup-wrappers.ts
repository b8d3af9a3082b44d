/** The front ends of get_user_pages beside those in gup.ts, as callers of later kernels know them. */
import { __get_user_pages_fast } from "../../arch/x86/mm/gup.ts";
import type { Steps } from "../../../engine/task.ts";
import {
  EFAULT,
  EINTR,
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_KILLABLE,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_WRITE,
  FOLL_FORCE,
  FOLL_GET,
  FOLL_TOUCH,
  VM_FAULT_COMPLETED,
  VM_FAULT_ERROR,
  VM_FAULT_RETRY,
} from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import { fatal_signal_pending, type task_struct } from "../../include/linux/sched.ts";
import { down_read } from "../../kernel/locking/rwsem.ts";
import { __get_user_pages, type LockedPointer, type PageVector, vm_fault_to_errno } from "../gup.ts";
import { handle_mm_fault } from "../memory.ts";
import { find_vma } from "../mmap.ts";

/**
 * Gets pages of any mm, whose lock the caller holds; it may be dropped if and only if `locked` is given. Returns pages got or -errno.
 *
 * Source: v6.18 mm/gup.c.
 */
export function get_user_pages_remote(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  gup_flags: number,
  pages: PageVector | null,
  locked: LockedPointer | null,
): Steps<number> {
  const flags = gup_flags | FOLL_TOUCH | (pages !== null ? FOLL_GET : 0);
  if (locked === null) return __get_user_pages(current, mm, start, nr_pages, flags, pages, null);
  return current.kernel.ops.__get_user_pages_locked(current, mm, start, nr_pages, flags, pages, locked, true);
}

/** The pages that are there, without a lock: 0..nr_pages, never an error. Source: v6.18 mm/gup.c. */
export function get_user_pages_fast_only(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  write: boolean,
  pages: PageVector,
): number {
  return __get_user_pages_fast(current, mm, start, nr_pages, write, pages);
}

/**
 * Makes a page writable (or readable) for a caller who holds the lock, and holds it again on return. With `unlocked` the lock may be
 * dropped meanwhile, which its value then says; without, as the futex code calls it to this day, an IO is waited for with it held.
 * Returns 0 or -errno.
 *
 * Source: v6.18 mm/gup.c.
 * Left out: permissions. In v3.17 it was one call of the handler, never with leave to drop.
 */
export function* fixup_user_fault(
  current: task_struct,
  mm: mm_struct,
  address: number,
  write: boolean,
  unlocked: { value: boolean } | null,
): Steps<number> {
  let flags = write ? FAULT_FLAG_WRITE : 0;
  if (unlocked !== null) flags |= FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE;
  for (;;) {
    const vma = find_vma(mm, address);
    current.charge(current.kernel.costs.find_vma);
    if (vma === null || vma.vm_start > address) return -EFAULT;
    const ret = yield* handle_mm_fault(current, vma, address, flags);
    if (ret & VM_FAULT_ERROR) return vm_fault_to_errno(ret, 0);
    const isDropped = (ret & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)) !== 0;
    if (isDropped) {
      // Not killable: the caller counts on the lock.
      yield* down_read(current, mm.mmap_sem, "fixup_user_fault");
      if (unlocked !== null) unlocked.value = true;
    }
    if (!(ret & VM_FAULT_RETRY)) return 0;
    if (fatal_signal_pending(current)) return -EINTR;
    flags |= FAULT_FLAG_TRIED;
  }
}

/**
 * One page for a core dump. There is no leave to drop: its IO is waited for with the lock held, which the caller takes for each
 * stretch of the dump. Returns whether there is a page.
 *
 * Source: v6.18 mm/gup.c. In v3.17 the dump had no lock at all, for all other threads are dead.
 */
export function* get_dump_page(current: task_struct, mm: mm_struct, address: number): Steps<boolean> {
  const flags = FOLL_FORCE | FOLL_GET;
  return (yield* __get_user_pages(current, mm, address, 1, flags, [], null)) === 1;
}
