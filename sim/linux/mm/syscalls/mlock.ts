import type { Steps } from "../../../engine/task.ts";
import { EAGAIN, EFAULT, ENOMEM, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, down_write, up_read } from "../../kernel/locking/rwsem.ts";
import { isHeld, type LockedPointer } from "../gup.ts";
import { find_vma } from "../mmap.ts";
import { mmap_write_unlock, vma_start_write } from "../mmap_lock.ts";

/**
 * Faults `nr_pages` pages in, mapping by mapping, and takes the lock again after each drop, uninterruptibly and as often as it takes:
 * the only polite caller of get_user_pages before the patch. No attempt is ever a second one to the fault handler (FOLL_TRIED), so no
 * kernel holds the lock over an IO that the handler lets it drop for. Stops at a hole. Returns 0 or -errno.
 *
 * @param ignore_errors goes on with the next mapping where one cannot be had (MAP_POPULATE).
 *
 * Source: v3.17 mm/mlock.c; v5.4 and v6.18 mm/gup.c.
 * Left out: the price of its own look-ups of the mapping; that of the walk is charged.
 */
export function* __mm_populate(
  current: task_struct,
  mm: mm_struct,
  start: number,
  nr_pages: number,
  ignore_errors: boolean,
): Steps<number> {
  const end = start + nr_pages * PAGE_SIZE;
  const locked: LockedPointer = { value: 0 };
  let vma: vm_area_struct | null = null;
  let ret = 0;
  let nend = start;
  for (let nstart = start; nstart < end && ret === 0; nstart = nend) {
    if (!isHeld(locked)) {
      yield* down_read(current, mm.mmap_sem, "__mm_populate");
      locked.value = 1;
      vma = find_vma(mm, nstart);
    } else if (vma !== null && nstart >= vma.vm_end) {
      vma = vma.vm_next;
    }
    if (vma === null || vma.vm_start >= end) break;
    nend = Math.min(end, vma.vm_end);
    const from = Math.max(nstart, vma.vm_start);
    const done = yield* current.kernel.ops.populate_pass(current, vma, from, (nend - from) / PAGE_SIZE, locked);
    if (done >= 0) nend = from + done * PAGE_SIZE;
    else if (!ignore_errors) ret = done;
  }
  if (isHeld(locked)) yield* up_read(current, mm.mmap_sem, "__mm_populate");
  return ret;
}

/**
 * mlock(2): a short writer, which marks the mapping, then a polite reader. Returns 0 or -errno.
 *
 * Source: v3.17 and v6.18 mm/mlock.c (do_mlock, __mlock_posix_error_return).
 * Left out: splitting the mapping; limits; marking more than the first mapping.
 */
export function* do_mlock(current: task_struct, mm: mm_struct, start: number, nr_pages: number): Steps<number> {
  current.site = "do_mlock";
  yield* down_write(current, mm.mmap_sem, "do_mlock");
  const vma = find_vma(mm, start);
  if (vma !== null) yield* vma_start_write(current, vma);
  current.charge(current.kernel.costs.mprotect_fixup);
  yield* mmap_write_unlock(current, mm, "do_mlock");
  const error = yield* __mm_populate(current, mm, start, nr_pages, false);
  if (error === -EFAULT) return -ENOMEM;
  return error === -ENOMEM ? -EAGAIN : error;
}
