import type { Steps } from "../../engine/task.ts";
import { type mm_struct, vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { down_write } from "../kernel/locking/rwsem.ts";
import { mmap_write_unlock, vma_start_write } from "./mmap_lock.ts";
import { remove_vma, zap_mapping } from "./vma.ts";

/**
 * The mapping that a new one joins is grown, and write-locked for that: the next lower one, where it is like the new one, anonymous and
 * nothing behind it.
 *
 * Source: v6.18 mm/vma.c (vma_merge_new_range, vma_expand).
 */
function* lockNeighbour(current: task_struct, mm: mm_struct, made: vm_area_struct): Steps {
  const below = mm.mm_rb.upTo(made.vm_start);
  if (below !== null && below.kind === "anon" && below.backing === null) yield* vma_start_write(current, below);
}

/**
 * mmap(2) of `pages` anonymous pages, from the place that takes the lock. Returns the address.
 *
 * @param fixed the mapping that it replaces (MAP_FIXED), null for none: that is unmapped under the same hold, for write to the end.
 * @param merges the new mapping joins a neighbour, and so has an anon_vma; otherwise its first fault must make one.
 *
 * Source: v3.17 mm/util.c, mm/mmap.c (do_mmap_pgoff, mmap_region).
 * Left out: security hooks, accounting, the killable wait of later kernels, MAP_POPULATE. A mapping that merges is still one of
 * its own here.
 */
export function* vm_mmap_pgoff(
  current: task_struct,
  mm: mm_struct,
  pages: number,
  merges: boolean,
  fixed: vm_area_struct | null = null,
): Steps<number> {
  const { site } = current;
  current.site = "vm_mmap_pgoff";
  yield* down_write(current, mm.mmap_sem, "vm_mmap_pgoff");
  if (fixed !== null) {
    yield* vma_start_write(current, fixed);
    mm.mm_rb.erase(fixed.vm_start);
    current.charge(current.kernel.costs.do_munmap);
    zap_mapping(current, fixed);
    yield* remove_vma(current, fixed);
  }
  const vma = new vm_area_struct({
    mm,
    name: "anon",
    start: fixed?.vm_start ?? mm.unmappedArea(pages),
    pages,
    kind: "anon",
    random: false,
    backing: null,
    keep: Number.POSITIVE_INFINITY,
    reclaimAfter: () => Number.POSITIVE_INFINITY,
  });
  vma.anon_vma = merges;
  if (merges) yield* lockNeighbour(current, mm, vma);
  mm.mm_rb.insert(vma);
  current.charge(current.kernel.costs.mmap_region);
  yield* mmap_write_unlock(current, mm, "vm_mmap_pgoff");
  current.site = site;
  return vma.vm_start;
}
