import type { Steps } from "../../../engine/task.ts";
import { __get_user_pages_fast } from "../../arch/x86/mm/gup.ts";
import {
  EHWPOISON,
  FOLL_GET,
  FOLL_HWPOISON,
  FOLL_NOWAIT,
  FOLL_TOUCH,
  FOLL_WRITE,
  PAGE_SIZE,
} from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { __get_user_pages, get_user_pages_unlocked, type PageVector } from "../../mm/gup.ts";
import { find_vma } from "../../mm/mmap.ts";
import { trace_gup_begin, trace_gup_end } from "../../../trace/events/gup.ts";

/**
 * Answer of a look-up: the page is pinned; it must be read first, and that can be done asynchronously; it is not there; its memory
 * is broken; the vcpu thread was killed.
 */
export type PfnResult = "pfn" | "async" | "fault" | "hwpoison" | "sigpending";

/**
 * Finds the host page behind a guest page. With `async` it does not wait for IO: it starts it and says so.
 *
 * A missing page costs two read holds with `async`: the look-up, and the look at the mapping after it has failed. A synchronous
 * look-up that fails asks, under that second hold, whether the page is poisoned.
 *
 * Source: v3.17 virt/kvm/kvm_main.c; the same up to v6.12 but for the lockless look-up, see v5.2.
 * Left out: atomic look-ups, PFN mappings, the read-only map of a read fault.
 */
export function* hva_to_pfn(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  async: boolean,
  write_fault: boolean,
): Steps<PfnResult> {
  if (async && hva_to_pfn_fast(current, mm, addr)) return "pfn";

  const npages = yield* current.kernel.ops.hva_to_pfn_slow(current, mm, addr, async, write_fault);
  if (npages === 1) return "pfn";

  current.site = "hva_to_pfn";
  yield* down_read(current, mm.mmap_sem, "hva_to_pfn");
  const poisoned = npages === -EHWPOISON || (!async && (yield* check_user_page_hwpoison(current, mm, addr)));
  const valid = isMapped(current, mm, addr);
  yield* up_read(current, mm.mmap_sem, "hva_to_pfn");
  if (poisoned) return "hwpoison";
  return async && valid ? "async" : "fault";
}

/**
 * The async page fault worker's call: one page, writable, no reference wanted. In v3.17 it was down_read, get_user_pages, up_read,
 * which is what `get_user_pages_unlocked` is with `gup=plain`; v4.8 and later write out down_read, get_user_pages_remote with a
 * locked pointer, up_read if still locked, which are the same holds. Up to v4.15 the converted call returns after the IO without
 * mapping the page.
 *
 * Source: v3.17, v4.0 and v6.18 virt/kvm/async_pf.c (async_pf_execute).
 */
export function async_pf_get_user_page(current: task_struct, mm: mm_struct, addr: number): Steps<number> {
  return get_user_pages_unlocked(current, mm, addr, 1, true, false, null);
}

/** The lockless look-up, in write mode. Source: v3.17 virt/kvm/kvm_main.c. */
export function hva_to_pfn_fast(current: task_struct, mm: mm_struct, addr: number): boolean {
  return __get_user_pages_fast(current, mm, addr, 1, true, []) === 1;
}

/** Is there a mapping at `addr`? Under the caller's hold. */
export function isMapped(current: task_struct, mm: mm_struct, addr: number): boolean {
  const vma = find_vma(mm, addr);
  current.charge(current.kernel.costs.find_vma);
  return vma !== null && vma.vm_start <= addr;
}

/**
 * Starts the IO of a missing page and returns without waiting for it; the lock is not dropped. The hold is the caller's,
 * hva_to_pfn_slow().
 *
 * Source: v3.17 virt/kvm/kvm_main.c.
 */
export function* get_user_page_nowait(
  current: task_struct,
  mm: mm_struct,
  start: number,
  write: boolean,
): Steps<number> {
  current.site = "get_user_page_nowait";
  const flags = FOLL_TOUCH | FOLL_NOWAIT | FOLL_HWPOISON | FOLL_GET | (write ? FOLL_WRITE : 0);
  const page: PageVector = [];
  if (current.settles()) yield;
  trace_gup_begin(current, mm, "get_user_page_nowait", 1, start / PAGE_SIZE);
  yield* down_read(current, mm.mmap_sem, "hva_to_pfn_slow");
  const npages = yield* __get_user_pages(current, mm, start, 1, flags, page, null);
  yield* up_read(current, mm.mmap_sem, "hva_to_pfn_slow");
  if (current.settles()) yield;
  trace_gup_end(current, mm, "get_user_page_nowait", npages);
  return npages;
}

/**
 * Is the page poisoned? One more plain get_user_pages, under the caller's hold and over the IO if there is any.
 *
 * Source: v3.17 virt/kvm/kvm_main.c.
 */
function* check_user_page_hwpoison(current: task_struct, mm: mm_struct, addr: number): Steps<boolean> {
  const flags = FOLL_TOUCH | FOLL_HWPOISON | FOLL_WRITE;
  return (yield* __get_user_pages(current, mm, addr, 1, flags, null, null)) === -EHWPOISON;
}
