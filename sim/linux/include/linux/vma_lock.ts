import type { Task, Waitable } from "../../../engine/task.ts";

/**
 * The lock of one mapping: readers are counted, a writer marks it with the number of its write section and waits for the
 * readers to leave.
 *
 * Source: v6.18 include/linux/mm_types.h, mm/mmap_lock.c. v6.4 to v6.14 have an rwsem in its place.
 */
export class vma_lock implements Waitable {
  readonly what: string;
  readonly deadHolder = null;
  readonly readers: Task[] = [];
  /** Number of the write section that marked it last. */
  vm_lock_seq = 0;
  /** The one who has marked it and waits for the readers. */
  writer: Task | null = null;

  constructor(mm: string, vma: string) {
    this.what = `the VMA lock of ${vma} in ${mm}`;
  }

  edge(): string {
    return "read by";
  }

  blockers(): readonly Task[] {
    return this.readers;
  }
}
