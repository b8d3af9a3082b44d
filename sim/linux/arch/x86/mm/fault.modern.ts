import type { Steps } from "../../../../engine/task.ts";
import {
  EFAULT,
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_KILLABLE,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_USER,
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_FAULT_COMPLETED,
  VM_FAULT_ERROR,
  VM_FAULT_MAJOR,
  VM_FAULT_NOPAGE,
  VM_FAULT_RETRY,
} from "../../../include/linux/mm.ts";
import type { mm_struct } from "../../../include/linux/mm_types.ts";
import { fatal_signal_pending, type task_struct } from "../../../include/linux/sched.ts";
import { down_read_killable, down_read_trylock, up_read } from "../../../kernel/locking/rwsem.ts";
import { handle_mm_fault } from "../../../mm/memory.ts";
import { find_vma } from "../../../mm/mmap.ts";
import { lock_vma_under_rcu, vma_end_read } from "../../../mm/mmap_lock.ts";

/**
 * A page fault on a user address: of user code, or, without `user_mode`, of the kernel copying to or from it. User code tries the
 * lock of the mapping first; what cannot be done under it, and everything the kernel itself faults on, is done under mmap_lock,
 * again and again as long as the handler says RETRY. Returns 0, or -EFAULT where the task would get a signal or is killed.
 *
 * Source: v6.18 arch/x86/mm/fault.c, mm/mmap_lock.c (lock_mm_and_find_vma).
 * Left out: kernel-mode faults without a fixup entry, stack growth, the OOM killer, protection faults.
 */
export function* do_user_addr_fault(
  current: task_struct,
  mm: mm_struct,
  address: number,
  write: boolean,
  user_mode: boolean,
): Steps<number> {
  current.site = "do_user_addr_fault";
  let flags = FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE;
  if (user_mode) flags |= FAULT_FLAG_USER;
  if (write) flags |= FAULT_FLAG_WRITE;
  while (user_mode) {
    if (current.settles()) yield;
    const vma = lock_vma_under_rcu(current, mm, address);
    if (vma === null) break;
    current.charge(current.kernel.costs.find_vma);
    const fault = yield* handle_mm_fault(current, vma, address, flags | FAULT_FLAG_VMA_LOCK);
    if (!(fault & (VM_FAULT_RETRY | VM_FAULT_COMPLETED))) vma_end_read(current, vma);
    // Done, and the same instruction faults anew.
    if (fault & VM_FAULT_NOPAGE) continue;
    if (!(fault & VM_FAULT_RETRY)) return fault & VM_FAULT_ERROR ? -EFAULT : 0;
    if (fault & VM_FAULT_MAJOR) flags |= FAULT_FLAG_TRIED;
    if (fatal_signal_pending(current)) return -EFAULT;
    break;
  }
  return yield* underMmapLock(current, mm, address, flags);
}

function* underMmapLock(current: task_struct, mm: mm_struct, address: number, first: number): Steps<number> {
  for (let flags = first; ; ) {
    if (!(yield* down_read_trylock(current, mm.mmap_sem, "lock_mm_and_find_vma"))) {
      if (!(yield* down_read_killable(current, mm.mmap_sem, "lock_mm_and_find_vma"))) return -EFAULT;
    }
    const vma = find_vma(mm, address);
    current.charge(current.kernel.costs.find_vma);
    if (vma === null || vma.vm_start > address) {
      yield* up_read(current, mm.mmap_sem, "do_user_addr_fault");
      return -EFAULT;
    }
    const fault = yield* handle_mm_fault(current, vma, address, flags);
    // The lock is gone already in both.
    if (fault & VM_FAULT_COMPLETED) return 0;
    if (fault & VM_FAULT_RETRY) {
      if (fatal_signal_pending(current)) return -EFAULT;
      flags |= FAULT_FLAG_TRIED;
      continue;
    }
    yield* up_read(current, mm.mmap_sem, "do_user_addr_fault");
    // Done, and the same instruction faults anew.
    if (fault & VM_FAULT_NOPAGE) flags = first;
    else return fault & VM_FAULT_ERROR ? -EFAULT : 0;
  }
}
