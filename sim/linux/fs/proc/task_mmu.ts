import type { Steps } from "../../../engine/task.ts";
import { PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { __access_remote_vm } from "../../mm/memory.ts";

/** Mappings that fit one buffer of 4 KiB: about 50 bytes a line of maps, 800 a block of smaps. */
const mapsPerBuffer = 80;
const smapsPerBuffer = 5;

/**
 * Reads /proc/PID/maps: one hold for each buffer of 4 KiB, let go before the buffer is copied out.
 *
 * Source: v3.17 fs/proc/task_mmu.c, fs/seq_file.c.
 */
export function* readMaps(current: task_struct, mm: mm_struct): Steps {
  current.site = "show_pid_map";
  yield* seqRead(current, mm, mapsPerBuffer, showMap);
}

/**
 * Reads /proc/PID/smaps: as maps, with a walk of the page tables of each mapping under the lock.
 *
 * Source: v3.17 fs/proc/task_mmu.c.
 */
export function* readSmaps(current: task_struct, mm: mm_struct): Steps {
  current.site = "show_pid_smap";
  yield* seqRead(current, mm, smapsPerBuffer, showSmap);
}

/**
 * Reads /proc/PID/cmdline: argv through get_user_pages, one hold, over IO if argv is swapped out.
 *
 * Source: v3.17 fs/proc/base.c (there named proc_pid_cmdline), mm/util.c.
 */
export function* proc_pid_cmdline_read(current: task_struct, mm: mm_struct): Steps {
  current.site = "proc_pid_cmdline_read";
  if (mm.arg_start === null) return;
  yield* __access_remote_vm(current, mm, mm.arg_start.vm_start, PAGE_SIZE);
}

/** Source: v3.17 fs/proc/task_mmu.c (m_start, m_next, m_stop), fs/seq_file.c (seq_read). Left out: the gate VMA. */
function* seqRead(
  current: task_struct,
  mm: mm_struct,
  perBuffer: number,
  show: (current: task_struct, vma: vm_area_struct) => void,
): Steps {
  let lastAddr = -1;
  for (;;) {
    yield* down_read(current, mm.mmap_sem, "m_start");
    current.charge(current.kernel.costs.find_vma);
    const it = mm.mm_rb.upperBound(lastAddr);
    let shown = 0;
    for (; it.isAccessible() && shown < perBuffer; it.next()) {
      const vma = it.pointer[1];
      show(current, vma);
      lastAddr = vma.vm_start;
      shown++;
    }
    yield* up_read(current, mm.mmap_sem, "m_stop");
    current.charge(current.kernel.costs.copy_page);
    if (shown < perBuffer) return;
  }
}

function showMap(current: task_struct): void {
  current.charge(current.kernel.costs.show_map_vma);
}

function showSmap(current: task_struct, vma: vm_area_struct): void {
  const { costs } = current.kernel;
  current.charge(costs.show_smap_vma + vma.nrPages * costs.smaps_pte);
}
