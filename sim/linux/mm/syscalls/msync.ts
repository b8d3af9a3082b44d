import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { find_vma } from "../mmap.ts";
import { remove_vma } from "../vma.ts";

/**
 * msync(MS_SYNC) of the mapping at `start`: the lock is let go around the writes. Returns 0.
 *
 * Source: v3.17 and v6.18 mm/msync.c.
 * Left out: devices other than a FUSE server, whose writes nobody here waits for.
 */
export function* msync(current: task_struct, mm: mm_struct, start: number): Steps<number> {
  current.site = "msync";
  yield* down_read(current, mm.mmap_sem, "msync");
  const vma = find_vma(mm, start);
  current.charge(current.kernel.costs.find_vma);
  yield* up_read(current, mm.mmap_sem, "msync");
  if (vma !== null) yield* remove_vma(current, vma);
  return 0;
}
