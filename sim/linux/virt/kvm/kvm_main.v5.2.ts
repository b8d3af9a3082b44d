import type { Steps } from "../../../engine/task.ts";
import { FOLL_GET, FOLL_HWPOISON, FOLL_NOWAIT, FOLL_TOUCH, FOLL_WRITE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { __get_user_pages_unlocked } from "../../mm/gup.ts";

export { async_pf_get_user_page, hva_to_pfn } from "./kvm_main.ts";

/**
 * The look-up that may sleep: one call for both, with FOLL_NOWAIT for the one that must not wait for IO. Pages got or -errno.
 *
 * Source: v5.2 virt/kvm/kvm_main.c.
 */
export function hva_to_pfn_slow(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  async: boolean,
  write_fault: boolean,
): Steps<number> {
  current.site = "hva_to_pfn_slow";
  let flags = FOLL_TOUCH | FOLL_GET | FOLL_HWPOISON;
  if (write_fault) flags |= FOLL_WRITE;
  if (async) flags |= FOLL_NOWAIT;
  return __get_user_pages_unlocked(current, mm, addr, 1, flags, []);
}
