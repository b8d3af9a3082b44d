import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { chargeRollup, chargeWalkOfAll, seqRead } from "./task_mmu.ts";

/** Mappings that fit one buffer of 4 KiB: about 50 bytes a line. */
const mapsPerBuffer = 80;

/**
 * Reads /proc/PID/maps: one hold for each buffer of 4 KiB, let go before the buffer is copied out.
 *
 * Source: v3.17 fs/proc/task_mmu.c, fs/seq_file.c.
 */
export function show_maps(current: task_struct, mm: mm_struct): Steps {
  current.site = "show_pid_map";
  return seqRead(current, mm, mapsPerBuffer, showMap);
}

function showMap(current: task_struct): void {
  current.charge(current.kernel.costs.show_map_vma);
}

/**
 * Reads /proc/PID/smaps_rollup: all mappings in one hold.
 *
 * Source: v4.14 fs/proc/task_mmu.c; v3.17 has no such file.
 */
export function* show_smaps_rollup(current: task_struct, mm: mm_struct): Steps {
  current.site = "show_smaps_rollup";
  yield* down_read(current, mm.mmap_sem, "m_start");
  current.charge(current.kernel.costs.smaps_rollup);
  mm.mm_rb.forEach((vma) => {
    chargeRollup(current, vma);
  });
  yield* up_read(current, mm.mmap_sem, "m_stop");
}

/**
 * Writes /proc/PID/clear_refs: a walk of all page tables, as a reader.
 *
 * Source: v3.17 fs/proc/task_mmu.c.
 * Left out: the flush of the TLB.
 */
export function* clear_refs_write(current: task_struct, mm: mm_struct): Steps {
  current.site = "clear_refs_write";
  yield* down_read(current, mm.mmap_sem, "clear_refs_write");
  chargeWalkOfAll(current, mm);
  yield* up_read(current, mm.mmap_sem, "clear_refs_write");
}
