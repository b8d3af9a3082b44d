import type { Steps } from "../../../engine/task.ts";
import { FOLL_GET, FOLL_HWPOISON, FOLL_TOUCH, FOLL_WRITE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { __get_user_pages_unlocked } from "../../mm/gup.ts";
import { get_user_page_nowait } from "./kvm_main.ts";

export { async_pf_get_user_page, hva_to_pfn } from "./kvm_main.ts";

/**
 * The look-up that may sleep: for the lock and nothing else with `async`, for the IO otherwise. Pages got or -errno. The
 * synchronous branch, with FOLL_HWPOISON.
 *
 * Source: v4.0 virt/kvm/kvm_main.c.
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
  const flags = FOLL_TOUCH | FOLL_HWPOISON | FOLL_GET | (write_fault ? FOLL_WRITE : 0);
  return __get_user_pages_unlocked(current, mm, addr, 1, flags, []);
}
