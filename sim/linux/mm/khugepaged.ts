import type { Steps } from "../../engine/task.ts";
import {
  EAGAIN,
  EINVAL,
  FAULT_FLAG_ALLOW_RETRY,
  HPAGE_PMD_NR,
  PAGE_SIZE,
  VM_FAULT_ERROR,
  VM_FAULT_RETRY,
} from "../include/linux/mm.ts";
import { type mm_struct, pte_present, pte_swap, type vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_read, down_read_trylock, down_write, up_read } from "../kernel/locking/rwsem.ts";
import { handle_mm_fault } from "./memory.ts";
import { find_vma, pageIndex } from "./mmap.ts";
import { mmap_write_unlock, vma_start_write } from "./mmap_lock.ts";

/**
 * khugepaged looks at one range of 2 MiB. Since v4.x it does not wait for the lock but goes to the next process. Returns 0 where it made a
 * huge page or could not have the lock, -EINVAL for a mapping that cannot have one, or -EAGAIN when a page is not there.
 *
 * Source: v3.17 mm/huge_memory.c (down_read); v4.15, v5.4 and v6.18 mm/khugepaged.c ("Don't wait for semaphore").
 * Left out: batches of 8 such ranges in one scan, files and memfds, the limits of how many pages may be missing.
 */
export function* khugepaged_scan_mm_slot(current: task_struct, mm: mm_struct, address: number): Steps<number> {
  current.site = "khugepaged";
  if (current.kernel.ops.khugepaged_waits) yield* down_read(current, mm.mmap_sem, "khugepaged_scan_mm_slot");
  else if (!(yield* down_read_trylock(current, mm.mmap_sem, "khugepaged_scan_mm_slot"))) return 0;
  return yield* scanAndCollapse(current, mm, address);
}

/**
 * madvise(MADV_COLLAPSE): as khugepaged, at once, and it waits for the lock. Returns as {@link khugepaged_scan_mm_slot}.
 *
 * Source: v6.18 mm/khugepaged.c.
 */
export function* madvise_collapse(current: task_struct, mm: mm_struct, address: number): Steps<number> {
  current.site = "khugepaged";
  yield* down_read(current, mm.mmap_sem, "khugepaged_scan_mm_slot");
  return yield* scanAndCollapse(current, mm, address);
}

/**
 * A scan as a reader, whose hold the caller has begun, swapped pages brought in as a reader where the kernel does that, and the collapse as
 * a writer. Source: v3.17 mm/huge_memory.c, v6.18 mm/khugepaged.c (hpage_collapse_scan_pmd, collapse_huge_page).
 */
function* scanAndCollapse(current: task_struct, mm: mm_struct, address: number): Steps<number> {
  const { costs } = current.kernel;
  const vma = find_vma(mm, address);
  current.charge(costs.find_vma + HPAGE_PMD_NR * costs.scan_pte);
  const isFit = vma !== null && vma.vm_start <= address && vma.kind === "anon" && vma.userfaultfd === null;
  yield* up_read(current, mm.mmap_sem, "khugepaged_scan_mm_slot");
  if (!isFit) return -EINVAL;
  if (current.kernel.ops.khugepaged_swapin !== "no" && !(yield* __collapse_huge_page_swapin(current, vma, address)))
    return -EAGAIN;

  yield* down_write(current, mm.mmap_sem, "collapse_huge_page");
  yield* vma_start_write(current, vma);
  if (current.settles()) yield;
  const isThere = !range(vma, address).some((index) => vma.pte[index] !== pte_present);
  if (isThere) {
    current.charge(costs.collapse_huge_page);
    vma.tables.makeHuge(pageIndex(vma, address));
  }
  yield* mmap_write_unlock(current, mm, "collapse_huge_page");
  return isThere ? 0 : -EAGAIN;
}

/**
 * Brings the swapped pages of the range in. That may drop the lock: v5.4 takes it again and goes on, v6.18 gives up, and the next scan
 * finds the page there.
 *
 * Source: v5.4 and v6.18 mm/khugepaged.c.
 */
function* __collapse_huge_page_swapin(current: task_struct, vma: vm_area_struct, address: number): Steps<boolean> {
  const { mmap_sem } = vma.vm_mm;
  yield* down_read(current, mmap_sem, "collapse_huge_page");
  for (const index of range(vma, address)) {
    if (vma.pte[index] !== pte_swap) continue;
    const at = vma.vm_start + index * PAGE_SIZE;
    const ret = yield* handle_mm_fault(current, vma, at, FAULT_FLAG_ALLOW_RETRY);
    if (ret & VM_FAULT_RETRY) {
      if (current.kernel.ops.khugepaged_swapin === "gives up") return false;
      yield* down_read(current, mmap_sem, "__collapse_huge_page_swapin");
    }
    if (ret & VM_FAULT_ERROR) break;
  }
  yield* up_read(current, mmap_sem, "collapse_huge_page");
  return true;
}

/** The pages of the mapping that the huge page would replace. */
function range(vma: vm_area_struct, address: number): number[] {
  const index = pageIndex(vma, address);
  const first = index - (index % HPAGE_PMD_NR);
  return Array.from({ length: Math.min(HPAGE_PMD_NR, vma.nrPages - first) }, (_, i) => first + i);
}
