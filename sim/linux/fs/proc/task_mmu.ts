import type { Steps } from "../../../engine/task.ts";
import { HPAGE_PMD_NR } from "../../include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";

/** Mappings whose smaps fit one buffer of 4 KiB, about 800 bytes each. */
const smapsPerBuffer = 5;

/** Mappings whose numa_maps lines fit one buffer, about 47 bytes each: 87 of them, measured on v6.18. */
const numaMapsPerBuffer = 87;

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
 * Reads /proc/PID/numa_maps: as smaps, one hold for each buffer, with a walk of the page tables of each mapping in it.
 *
 * Source: v3.17 and v6.18 fs/proc/task_mmu.c.
 */
export function show_numa_map(current: task_struct, mm: mm_struct): Steps {
  current.site = "show_numa_map";
  return seqRead(current, mm, numaMapsPerBuffer, showNuma);
}

/**
 * Reads /proc/PID/pagemap of all mappings: a hold for each 2 MiB of addresses, and something to say of each of them. Reads only the page
 * tables: a page that is away is reported so, nothing waits for it.
 *
 * Source: v3.17 and v6.18 fs/proc/task_mmu.c.
 * Left out: the addresses between the mappings; a short hold at the beginning of each read from v6.4 on (untagged_addr_remote).
 */
export function* pagemap_read(current: task_struct, mm: mm_struct): Steps {
  const { costs } = current.kernel;
  current.site = "pagemap_read";
  for (let vma = mm.mm_rb.above(-1); vma !== null; vma = vma.vm_next) {
    for (let first = 0; first < vma.nrPages; first += HPAGE_PMD_NR) {
      yield* down_read(current, mm.mmap_sem, "pagemap_read");
      const pages = Math.min(HPAGE_PMD_NR, vma.nrPages - first);
      const { entries } = vma.tables.contents(first, pages);
      current.charge(Math.round((pages * costs.pagemap_range) / HPAGE_PMD_NR) + entries * costs.pagemap_pte);
      yield* up_read(current, mm.mmap_sem, "pagemap_read");
      current.charge(costs.seq_read);
    }
  }
}

/** What smaps_rollup adds up of one mapping. */
export function chargeRollup(current: task_struct, vma: vm_area_struct): void {
  current.charge(current.kernel.costs.show_rollup_vma);
  chargeWalk(current, vma);
}

/** Looks at each entry of the page tables that a mapping has. Source: v3.17 and v6.18 mm/pagewalk.c. */
function chargeWalk(current: task_struct, vma: vm_area_struct): void {
  const { costs } = current.kernel;
  const { slots, entries, hugePages } = vma.tables.contents();
  current.charge(Math.round((slots * costs.walk_table) / HPAGE_PMD_NR));
  current.charge(entries * costs.smaps_pte + hugePages * costs.walk_huge);
}

/** Looks at the page tables of all mappings. */
export function chargeWalkOfAll(current: task_struct, mm: mm_struct): void {
  mm.mm_rb.forEach((vma) => {
    chargeWalk(current, vma);
  });
}

/**
 * One hold for each buffer. The record that does not fit the rest of a buffer is made all the same, and again for the next one.
 *
 * Source: v3.17 fs/proc/task_mmu.c (m_start, m_next, m_stop), v3.17 and v6.18 fs/seq_file.c (seq_read_iter: m->count = offs).
 * Left out: the gate VMA.
 */
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
    let shown = 0;
    let vma = mm.mm_rb.above(lastAddr);
    for (; vma !== null && shown < perBuffer; vma = vma.vm_next) {
      show(current, vma);
      lastAddr = vma.vm_start;
      shown++;
    }
    if (vma !== null) show(current, vma);
    yield* up_read(current, mm.mmap_sem, "m_stop");
    current.charge(current.kernel.costs.seq_read);
    if (shown < perBuffer) return;
  }
}

function showSmap(current: task_struct, vma: vm_area_struct): void {
  current.charge(current.kernel.costs.show_smap_vma);
  chargeWalk(current, vma);
}

function showNuma(current: task_struct, vma: vm_area_struct): void {
  current.charge(current.kernel.costs.show_numa_vma);
  chargeWalk(current, vma);
}
