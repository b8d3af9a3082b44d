import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { seqRead } from "./task_mmu.ts";

/** Mappings that fit one buffer of 4 KiB: about 50 bytes a line. */
const mapsPerBuffer = 80;

/**
 * Reads /proc/PID/maps: one hold for each buffer of 4 KiB, let go before the buffer is copied out.
 *
 * Source: v3.17 fs/proc/task_mmu.c, fs/seq_file.c.
 */
export function* show_maps(current: task_struct, mm: mm_struct): Steps {
  current.site = "show_pid_map";
  yield* seqRead(current, mm, mapsPerBuffer, showMap);
}

function showMap(current: task_struct): void {
  current.charge(current.kernel.costs.show_map_vma);
}
