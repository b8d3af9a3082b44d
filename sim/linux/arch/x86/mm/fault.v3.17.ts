import type { Steps } from "../../../../engine/task.ts";
import {
  EFAULT,
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_KILLABLE,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_USER,
  FAULT_FLAG_WRITE,
  VM_FAULT_ERROR,
  VM_FAULT_NOPAGE,
  VM_FAULT_RETRY,
} from "../../../include/linux/mm.ts";
import type { mm_struct } from "../../../include/linux/mm_types.ts";
import { fatal_signal_pending, type task_struct } from "../../../include/linux/sched.ts";
import { down_read, down_read_trylock, up_read } from "../../../kernel/locking/rwsem.ts";
import { handle_mm_fault } from "../../../mm/memory.ts";
import { find_vma } from "../../../mm/mmap.ts";

/**
 * A page fault on a user address: of user code, or, without `user_mode`, of the kernel copying to or from it. One polite attempt,
 * which may drop the lock over IO; then one that may not. Returns 0, or -EFAULT where the task would get a signal or the kernel
 * gives up because of a SIGKILL.
 *
 * Source: v3.17 arch/x86/mm/fault.c.
 * Left out: kernel-mode faults without a fixup entry, stack growth, the OOM killer, protection faults.
 */
export function* __do_page_fault(
  current: task_struct,
  mm: mm_struct,
  address: number,
  write: boolean,
  user_mode: boolean,
): Steps<number> {
  current.site = "__do_page_fault";
  let first = FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE;
  if (user_mode) first |= FAULT_FLAG_USER;
  if (write) first |= FAULT_FLAG_WRITE;
  let flags = first;
  if (!(yield* down_read_trylock(current, mm.mmap_sem, "__do_page_fault"))) {
    yield* down_read(current, mm.mmap_sem, "__do_page_fault");
  }
  for (;;) {
    const vma = find_vma(mm, address);
    current.charge(current.kernel.costs.find_vma);
    if (vma === null || vma.vm_start > address) {
      yield* up_read(current, mm.mmap_sem, "__do_page_fault");
      return -EFAULT;
    }
    const fault = yield* handle_mm_fault(current, vma, address, flags);
    // The lock is gone already when the handler says RETRY.
    if (fault & VM_FAULT_RETRY && fatal_signal_pending(current)) return -EFAULT;
    if (fault & VM_FAULT_ERROR) {
      yield* up_read(current, mm.mmap_sem, "__do_page_fault");
      return -EFAULT;
    }
    if (fault & VM_FAULT_RETRY) {
      flags = (flags & ~FAULT_FLAG_ALLOW_RETRY) | FAULT_FLAG_TRIED;
    } else if (fault & VM_FAULT_NOPAGE) {
      // Done, and the same instruction faults anew.
      yield* up_read(current, mm.mmap_sem, "__do_page_fault");
      flags = first;
    } else {
      break;
    }
    yield* down_read(current, mm.mmap_sem, "__do_page_fault");
  }
  yield* up_read(current, mm.mmap_sem, "__do_page_fault");
  return 0;
}
