import type { Steps } from "../../../engine/task.ts";
import { FOLL_GET, FOLL_HWPOISON, FOLL_NOWAIT, FOLL_TOUCH, FOLL_WRITE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { __get_user_pages_unlocked } from "../../mm/gup.ts";
import { hva_to_pfn as hva_to_pfn_v3_17, hva_to_pfn_fast, type PfnResult } from "./kvm_main.ts";

export { async_pf_get_user_page } from "./kvm_main.ts";

/**
 * As before, but the lockless look-up comes first each time, not only where the caller would not wait: a page that another vcpu brought in
 * meanwhile costs no lock.
 *
 * Source: v5.4 and v6.12 virt/kvm/kvm_main.c; since v4.20, v4.15 does not.
 */
export function* hva_to_pfn(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  async: boolean,
  write_fault: boolean,
): Steps<PfnResult> {
  if (hva_to_pfn_fast(current, mm, addr)) return "pfn";
  return yield* hva_to_pfn_v3_17(current, mm, addr, async, write_fault);
}

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
