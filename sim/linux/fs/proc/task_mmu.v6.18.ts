import type { Steps } from "../../../engine/task.ts";
import type { mm_struct, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read_killable, up_read } from "../../kernel/locking/rwsem.ts";
import { lock_vma_under_rcu, vma_end_read } from "../../mm/mmap_lock.ts";

/**
 * Reads /proc/PID/maps under the lock of one mapping at a time; only where that cannot be had it takes mmap_lock, for that mapping.
 *
 * Source: v6.18 fs/proc/task_mmu.c (lock_next_vma, m_start).
 */
export function* show_maps(current: task_struct, mm: mm_struct): Steps {
  const { costs } = current.kernel;
  current.site = "show_pid_map";
  for (let last = -1; ; ) {
    if (current.settles()) yield;
    const next = mm.mm_rb.upperBound(last);
    if (!next.isAccessible()) break;
    const vma: vm_area_struct = next.pointer[1];
    last = vma.vm_start;
    const locked = lock_vma_under_rcu(current, mm, vma.vm_start);
    if (locked === null && !(yield* down_read_killable(current, mm.mmap_sem, "lock_next_vma"))) return;
    current.charge(costs.show_map_vma);
    if (locked === null) {
      yield* up_read(current, mm.mmap_sem, "lock_next_vma");
    } else {
      if (current.settles()) yield;
      vma_end_read(current, locked);
    }
  }
  current.charge(costs.seq_read);
}
