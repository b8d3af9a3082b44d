import type { Steps } from "../../../engine/task.ts";
import { FOLL_GET, FOLL_HWPOISON, FOLL_TOUCH, FOLL_WRITE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { __get_user_pages_unlocked } from "../../mm/gup.ts";

/**
 * The synchronous branch of hva_to_pfn_slow(), with FOLL_HWPOISON.
 *
 * Source: v4.0 virt/kvm/kvm_main.c.
 */
export function* hva_to_pfn_slow_sync(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  write_fault: boolean,
): Steps<number> {
  const flags = FOLL_TOUCH | FOLL_HWPOISON | FOLL_GET | (write_fault ? FOLL_WRITE : 0);
  return yield* __get_user_pages_unlocked(current, mm, addr, 1, flags, []);
}
