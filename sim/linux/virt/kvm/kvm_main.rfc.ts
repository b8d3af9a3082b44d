import type { Steps } from "../../../engine/task.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { get_user_pages_unlocked } from "../../mm/gup.ts";

/**
 * The synchronous branch of hva_to_pfn_slow(): no second lockless walk, and no way to pass FOLL_HWPOISON.
 *
 * Source: "[PATCH 2/2] kvm: Faults which trigger IO release the mmap_sem" (26 Sep 2014), virt/kvm/kvm_main.c.
 */
export function* hva_to_pfn_slow_sync(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  write_fault: boolean,
): Steps<number> {
  return yield* get_user_pages_unlocked(current, mm, addr, 1, write_fault, false, []);
}
