import type { Steps } from "../../../engine/task.ts";
import { EFAULT, FOLL_FORCE, FOLL_WRITE, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { __access_remote_vm } from "../../mm/memory.ts";

/**
 * Reads or writes `nr_pages` pages through /proc/PID/mem: a page a hold, each over its IO. Returns 0 or -EFAULT.
 *
 * Source: v3.17 and v6.18 fs/proc/base.c.
 * Left out: the copy through a page of its own; the errno that read(2) makes of it (EIO).
 */
export function* mem_rw(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  nr_pages: number,
  write: boolean,
): Steps<number> {
  for (let i = 0; i < nr_pages; i++) {
    current.site = "mem_rw";
    const flags = FOLL_FORCE | (write ? FOLL_WRITE : 0);
    const got = yield* __access_remote_vm(current, mm, addr + i * PAGE_SIZE, PAGE_SIZE, flags);
    if (got === 0) return -EFAULT;
  }
  return 0;
}

/**
 * Lists /proc/PID/map_files: notes every file mapping in one hold, and gives them names after it. A step to the next mapping costs
 * what a look-up costs, which is more than it takes.
 *
 * Source: v3.17 and v6.18 fs/proc/base.c.
 * Left out: who follows the links. Each of them is looked up under a hold of its own.
 */
export function* proc_map_files_readdir(current: task_struct, mm: mm_struct): Steps {
  current.site = "proc_map_files_readdir";
  yield* down_read(current, mm.mmap_sem, "proc_map_files_readdir");
  mm.mm_rb.forEach(() => {
    current.charge(current.kernel.costs.find_vma);
  });
  yield* up_read(current, mm.mmap_sem, "proc_map_files_readdir");
  current.charge(current.kernel.costs.seq_read);
}
