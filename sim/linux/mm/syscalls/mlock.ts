import type { Steps } from "../../../engine/task.ts";
import { PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, down_write, up_read } from "../../kernel/locking/rwsem.ts";
import type { LockedPointer } from "../gup.ts";
import { find_vma } from "../mmap.ts";
import { mmap_write_unlock, vma_start_write } from "../mmap_lock.ts";

/**
 * Faults `nr_pages` pages in and takes the lock again after each drop: the only polite caller of get_user_pages before the patch.
 * Errors are the caller's to ignore. Returns 0 or -errno.
 *
 * Source: v3.17 mm/mlock.c, v6.18 mm/gup.c.
 * Left out: mappings that begin inside the range.
 */
export function* __mm_populate(current: task_struct, mm: mm_struct, start: number, nr_pages: number): Steps<number> {
  const locked: LockedPointer = { value: 0 };
  let done = 0;
  while (done < nr_pages) {
    if (locked.value === 0) yield* down_read(current, mm.mmap_sem, "__mm_populate");
    locked.value = 1;
    const left = nr_pages - done;
    const ret = yield* current.kernel.ops.populate_pass(current, mm, start + done * PAGE_SIZE, left, locked);
    if (ret < 0) {
      if (locked.value === 1) yield* up_read(current, mm.mmap_sem, "__mm_populate");
      return ret;
    }
    done += ret;
  }
  if (locked.value === 1) yield* up_read(current, mm.mmap_sem, "__mm_populate");
  return 0;
}

/**
 * mlock(2): a short writer, which marks the mapping, then a polite reader. Returns 0 or -errno.
 *
 * Source: v3.17 and v6.18 mm/mlock.c.
 * Left out: splitting the mapping; limits.
 */
export function* do_mlock(current: task_struct, mm: mm_struct, start: number, nr_pages: number): Steps<number> {
  current.site = "do_mlock";
  yield* down_write(current, mm.mmap_sem, "do_mlock");
  const vma = find_vma(mm, start);
  if (vma !== null) yield* vma_start_write(current, vma);
  current.charge(current.kernel.costs.mprotect_fixup);
  yield* mmap_write_unlock(current, mm, "do_mlock");
  return yield* __mm_populate(current, mm, start, nr_pages);
}
