import type { Steps } from "../../../engine/task.ts";
import { PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { __access_remote_vm } from "../../mm/memory.ts";

/** Mappings whose smaps fit one buffer of 4 KiB, about 800 bytes each. */
const smapsPerBuffer = 5;

/**
 * Reads /proc/PID/smaps: one hold for each buffer of 4 KiB, with a walk of the page tables of each mapping in it; let go before
 * the buffer is copied out. Every kernel to this day takes the lock for it.
 *
 * @param cycles holds of one read, where that is known better than from the mappings; null to count them.
 *
 * Source: v3.17 and v6.18 fs/proc/task_mmu.c, fs/seq_file.c.
 */
export function* readSmaps(current: task_struct, mm: mm_struct, cycles: number | null): Steps {
  const { costs } = current.kernel;
  current.site = "show_pid_smap";
  if (cycles === null) {
    yield* seqRead(current, mm, smapsPerBuffer, showSmap);
    return;
  }
  for (let i = 0; i < cycles; i++) {
    yield* down_read(current, mm.mmap_sem, "m_start");
    current.charge(costs.smaps_buffer);
    yield* up_read(current, mm.mmap_sem, "m_stop");
    current.charge(costs.seq_read);
  }
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
export function* seqRead(
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
    current.charge(current.kernel.costs.seq_read);
    if (shown < perBuffer) return;
  }
}

function showSmap(current: task_struct, vma: vm_area_struct): void {
  const { costs } = current.kernel;
  current.charge(costs.show_smap_vma + vma.nrPages * costs.smaps_pte);
}
