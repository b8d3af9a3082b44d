import type { Steps } from "../../../engine/task.ts";
import { get_user_pages_fast } from "../../arch/x86/mm/gup.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";

/**
 * The synchronous branch of hva_to_pfn_slow(): lockless look-up, then the slow part of get_user_pages_fast().
 *
 * Source: v3.17 virt/kvm/kvm_main.c.
 */
export function* hva_to_pfn_slow_sync(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  write_fault: boolean,
): Steps<number> {
  return yield* get_user_pages_fast(current, mm, addr, 1, write_fault, []);
}
