import type { Steps } from "../../../engine/task.ts";
import { __get_user_pages_fast } from "../../arch/x86/mm/gup.ts";
import { FOLL_GET, FOLL_HWPOISON, FOLL_TOUCH, FOLL_TRIED, FOLL_WRITE, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { __get_user_pages, isHeld, type LockedPointer, type PageVector, retakeAfterRetry } from "../../mm/gup.ts";
import { get_user_page_nowait } from "./kvm_main.ts";
import { trace_gup_begin, trace_gup_end } from "../../../trace/events/gup.ts";

export { hva_to_pfn } from "./kvm_main.ts";

/**
 * KVM's own polite look-up, before there was a general one: a pass that may drop the lock; without a pages array it returns when it
 * has, with one it takes the lock again and insists.
 *
 * Source: v3.19 virt/kvm/kvm_main.c.
 */
function* kvm_get_user_page_io(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  write_fault: boolean,
  pages: PageVector | null,
): Steps<number> {
  const flags = FOLL_TOUCH | FOLL_HWPOISON | (pages !== null ? FOLL_GET : 0) | (write_fault ? FOLL_WRITE : 0);
  const locked: LockedPointer = { value: 1 };
  if (current.settles()) yield;
  trace_gup_begin(current, mm, "kvm_get_user_page_io", 1, addr / PAGE_SIZE);
  yield* down_read(current, mm.mmap_sem, "kvm_get_user_page_io");
  let npages = yield* __get_user_pages(current, mm, addr, 1, flags, pages, locked);
  if (isHeld(locked)) {
    yield* up_read(current, mm.mmap_sem, "kvm_get_user_page_io");
  } else if (pages !== null) {
    yield* retakeAfterRetry(current, mm, 1);
    npages = yield* __get_user_pages(current, mm, addr, 1, flags | FOLL_TRIED, pages, null);
    yield* up_read(current, mm.mmap_sem, "kvm_get_user_page_io");
  }
  if (current.settles()) yield;
  trace_gup_end(current, mm, "kvm_get_user_page_io", npages);
  return npages;
}

/** The worker's call. Source: v3.19 virt/kvm/async_pf.c. */
export function async_pf_get_user_page(current: task_struct, mm: mm_struct, addr: number): Steps<number> {
  return kvm_get_user_page_io(current, mm, addr, true, null);
}

/**
 * The look-up that may sleep: for the lock and nothing else with `async`, for the IO otherwise. Pages got or -errno.
 *
 * Source: v3.19 virt/kvm/kvm_main.c.
 */
export function* hva_to_pfn_slow(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  async: boolean,
  write_fault: boolean,
): Steps<number> {
  if (async) return yield* get_user_page_nowait(current, mm, addr, write_fault);
  current.site = "hva_to_pfn_slow";
  const page: PageVector = [];
  if (__get_user_pages_fast(current, mm, addr, 1, write_fault, page) === 1) return 1;
  return yield* kvm_get_user_page_io(current, mm, addr, write_fault, page);
}
