import type { Steps } from "../../../engine/task.ts";
import { get_user_pages_fast } from "../../arch/x86/mm/gup.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { get_user_page_nowait } from "./kvm_main.ts";

export { async_pf_get_user_page, hva_to_pfn } from "./kvm_main.ts";

/**
 * The look-up that may sleep: for the lock and nothing else with `async`, for the IO otherwise. Pages got or -errno. The
 * synchronous branch: lockless look-up, then the slow part of get_user_pages_fast().
 *
 * Source: v3.17 virt/kvm/kvm_main.c.
 */
export function hva_to_pfn_slow(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  async: boolean,
  write_fault: boolean,
): Steps<number> {
  if (async) return get_user_page_nowait(current, mm, addr, write_fault);
  current.site = "hva_to_pfn_slow";
  return get_user_pages_fast(current, mm, addr, 1, write_fault, []);
}
