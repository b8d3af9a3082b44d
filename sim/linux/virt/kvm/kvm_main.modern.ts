import type { Steps } from "../../../engine/task.ts";
import {
  EAGAIN,
  EHWPOISON,
  EINTR,
  FOLL_GET,
  FOLL_HWPOISON,
  FOLL_INTERRUPTIBLE,
  FOLL_NOWAIT,
  FOLL_TOUCH,
  FOLL_WRITE,
} from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { down_read, up_read } from "../../kernel/locking/rwsem.ts";
import { __get_user_pages_unlocked } from "../../mm/gup.ts";
import { hva_to_pfn_fast, isMapped, type PfnResult } from "./kvm_main.ts";

export { async_pf_get_user_page } from "./kvm_main.ts";

/**
 * Finds the host page behind a guest page. With `async` it does not wait for IO, it starts it and says so; where the file system
 * or shmem waits all the same, the page is there on return and no async fault is raised. No poison probe any more.
 *
 * Source: v6.18 virt/kvm/kvm_main.c.
 * Left out: guest_memfd, PFN mappings, signals other than SIGKILL.
 */
export function* hva_to_pfn(
  current: task_struct,
  mm: mm_struct,
  addr: number,
  async: boolean,
  write_fault: boolean,
): Steps<PfnResult> {
  if (hva_to_pfn_fast(current, mm, addr)) return "pfn";
  const npages = yield* hva_to_pfn_slow(current, mm, addr, async, write_fault);
  if (npages === 1) return "pfn";
  if (npages === -EINTR || npages === -EAGAIN) return "sigpending";
  if (npages === -EHWPOISON) return "hwpoison";

  current.site = "hva_to_pfn";
  yield* down_read(current, mm.mmap_sem, "hva_to_pfn");
  const valid = isMapped(current, mm, addr);
  yield* up_read(current, mm.mmap_sem, "hva_to_pfn");
  return async && valid ? "async" : "fault";
}

/** The look-up that may sleep. Pages got or -errno. Source: v6.18 virt/kvm/kvm_main.c. */
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
  flags |= async ? FOLL_NOWAIT : FOLL_INTERRUPTIBLE;
  return __get_user_pages_unlocked(current, mm, addr, 1, flags, []);
}
