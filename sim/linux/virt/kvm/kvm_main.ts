import type { Steps } from "../../../engine/task.ts";
import { __get_user_pages_fast } from "../../arch/x86/mm/gup.ts";
import { FOLL_GET, FOLL_HWPOISON, FOLL_NOWAIT, FOLL_TOUCH, FOLL_WRITE, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { __get_user_pages, type PageVector, traceGup } from "../../mm/gup.ts";
import { find_vma } from "../../mm/mmap.ts";

/** Answer of a look-up: the page is pinned, it must be read first and that can be done asynchronously, or it is not there. */
export type PfnResult = "pfn" | "async" | "fault";

/**
 * Finds the host page behind a guest page. With `async` it does not wait for IO: it starts it and says so.
 *
 * A missing page costs two read holds with `async`: the look-up, and the look at the mapping after it has failed.
 *
 * Source: v3.17 virt/kvm/kvm_main.c.
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

  const npages = yield* hva_to_pfn_slow(current, mm, addr, async, write_fault);
  if (npages === 1) return "pfn";

  current.site = "hva_to_pfn";
  yield* down_read(current, mm.mmap_sem, "hva_to_pfn");
  if (!async) yield* check_user_page_hwpoison(current, mm, addr);
  const vma = find_vma(mm, addr);
  current.charge(current.kernel.costs.find_vma);
  const valid = vma !== null && vma.vm_start <= addr;
  yield* up_read(current, mm.mmap_sem, "hva_to_pfn");
  return async && valid ? "async" : "fault";
}

/** The lockless look-up, in write mode. Source: v3.17 virt/kvm/kvm_main.c. */
function hva_to_pfn_fast(current: task_struct, mm: mm_struct, addr: number): boolean {
  return __get_user_pages_fast(current, mm, addr, 1, []) === 1;
}

/**
 * The look-up that may sleep: for the lock and nothing else with `async`, for the IO otherwise. Pages got or -errno.
 *
 * Source: v3.17 virt/kvm/kvm_main.c.
 */
function* hva_to_pfn_slow(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  async: boolean,
  write_fault: boolean,
): Steps<number> {
  if (async) return yield* get_user_page_nowait(current, mm, addr, write_fault);
  current.site = "hva_to_pfn_slow";
  return yield* current.kernel.text.hva_to_pfn_slow_sync(current, mm, addr, write_fault);
}

/**
 * Starts the IO of a missing page and returns without waiting for it; the lock is not dropped. The hold is the caller's,
 * hva_to_pfn_slow().
 *
 * Source: v3.17 virt/kvm/kvm_main.c.
 */
function* get_user_page_nowait(current: task_struct, mm: mm_struct, start: number, write: boolean): Steps<number> {
  current.site = "get_user_page_nowait";
  const flags = FOLL_TOUCH | FOLL_NOWAIT | FOLL_HWPOISON | FOLL_GET | (write ? FOLL_WRITE : 0);
  const page: PageVector = [];
  yield* traceGup(current, mm, "gup_begin", "get_user_page_nowait", 1, start / PAGE_SIZE);
  yield* down_read(current, mm.mmap_sem, "hva_to_pfn_slow");
  const npages = yield* __get_user_pages(current, mm, start, 1, flags, page, null);
  yield* up_read(current, mm.mmap_sem, "hva_to_pfn_slow");
  yield* traceGup(current, mm, "gup_end", "get_user_page_nowait", npages, 0);
  return npages;
}

/**
 * Is the page poisoned? One more plain get_user_pages, under the caller's hold and over the IO if there is any.
 *
 * Source: v3.17 virt/kvm/kvm_main.c.
 * Left out: poisoned pages; only the time it takes is modelled.
 */
function* check_user_page_hwpoison(current: task_struct, mm: mm_struct, addr: number): Steps {
  const flags = FOLL_TOUCH | FOLL_HWPOISON | FOLL_WRITE;
  yield* __get_user_pages(current, mm, addr, 1, flags, null, null);
}
