import type { Steps } from "../../../engine/task.ts";
import type { mm_struct, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read_killable, down_write_killable, rwsem_is_contended, up_read } from "../../kernel/locking/rwsem.ts";
import { lock_vma_under_rcu, mmap_write_unlock, vma_end_read, vma_start_read_locked } from "../../mm/mmap_lock.ts";
import { chargeRollup, chargeWalkOfAll } from "./task_mmu.ts";

/**
 * Reads /proc/PID/maps under the lock of one mapping at a time; only where that cannot be had it takes mmap_lock, to find that mapping and to get
 * its lock.
 *
 * Source: v6.18 fs/proc/task_mmu.c (lock_next_vma, m_start).
 */
export function* show_maps(current: task_struct, mm: mm_struct): Steps {
  const { costs } = current.kernel;
  current.site = "show_pid_map";
  for (let last = -1; ; ) {
    if (current.settles()) yield;
    const vma: vm_area_struct | null = mm.mm_rb.above(last);
    if (vma === null) break;
    last = vma.vm_start;
    const locked = lock_vma_under_rcu(current, mm, vma.vm_start);
    const hasVmaLocks = current.kernel.ops.vma_lock !== null;
    if (locked === null) {
      if (!(yield* down_read_killable(current, mm.mmap_sem, "lock_next_vma"))) return;
      current.charge(costs.find_vma);
      if (current.settles()) yield;
      if (hasVmaLocks) vma_start_read_locked(current, vma);
      else current.charge(costs.show_map_vma);
      yield* up_read(current, mm.mmap_sem, "lock_next_vma");
      if (!hasVmaLocks) continue;
    }
    current.charge(costs.show_map_vma);
    if (current.settles()) yield;
    vma_end_read(current, vma);
  }
  current.charge(costs.seq_read);
}

/**
 * Reads /proc/PID/smaps_rollup: all mappings, and lets go between two of them when someone waits for the lock.
 *
 * Source: v6.18 fs/proc/task_mmu.c.
 */
export function* show_smaps_rollup(current: task_struct, mm: mm_struct): Steps {
  current.site = "show_smaps_rollup";
  if (!(yield* down_read_killable(current, mm.mmap_sem, "show_smaps_rollup"))) return;
  current.charge(current.kernel.costs.smaps_rollup);
  for (let last = -1; ; ) {
    const vma: vm_area_struct | null = mm.mm_rb.above(last);
    if (vma === null) break;
    last = vma.vm_start;
    chargeRollup(current, vma);
    if (current.settles()) yield;
    if (!rwsem_is_contended(mm.mmap_sem)) continue;
    yield* up_read(current, mm.mmap_sem, "show_smaps_rollup");
    if (!(yield* down_read_killable(current, mm.mmap_sem, "show_smaps_rollup"))) return;
  }
  yield* up_read(current, mm.mmap_sem, "show_smaps_rollup");
}

/**
 * Writes /proc/PID/clear_refs: a walk of all page tables, as a writer.
 *
 * Source: v6.18 fs/proc/task_mmu.c.
 * Left out: the flush of the TLB.
 */
export function* clear_refs_write(current: task_struct, mm: mm_struct): Steps {
  current.site = "clear_refs_write";
  if (!(yield* down_write_killable(current, mm.mmap_sem, "clear_refs_write"))) return;
  chargeWalkOfAll(current, mm);
  yield* mmap_write_unlock(current, mm, "clear_refs_write");
}
