import type { Steps } from "../../engine/task.ts";
import { PAGE_SIZE } from "../include/linux/mm.ts";
import type { mm_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_read, up_read } from "../kernel/locking/rwsem.ts";
import type { LockedPointer } from "./gup.ts";

/**
 * madvise(MADV_POPULATE_READ) of `nr_pages` pages: faults them in, and takes the lock again after each drop. Returns 0 or -errno.
 *
 * Source: v6.18 mm/madvise.c, mm/gup.c (faultin_page_range). In v3.17 MAP_POPULATE and mlock did as much, the only polite callers
 * before the patch: mm/mlock.c (__mm_populate).
 * Left out: mappings that begin inside the range.
 */
export function* madvise_populate(current: task_struct, mm: mm_struct, start: number, nr_pages: number): Steps<number> {
  current.site = "madvise_populate";
  const locked: LockedPointer = { value: 0 };
  let done = 0;
  while (done < nr_pages) {
    if (locked.value === 0) yield* down_read(current, mm.mmap_sem, "madvise_populate");
    locked.value = 1;
    const left = nr_pages - done;
    const ret = yield* current.kernel.text.populate_pass(current, mm, start + done * PAGE_SIZE, left, locked);
    if (ret < 0) {
      if (locked.value === 1) yield* up_read(current, mm.mmap_sem, "madvise_populate");
      return ret;
    }
    done += ret;
  }
  if (locked.value === 1) yield* up_read(current, mm.mmap_sem, "madvise_populate");
  return 0;
}
