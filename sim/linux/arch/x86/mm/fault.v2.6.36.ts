import type { Steps } from "../../../../engine/task.ts";
import { EFAULT, FAULT_FLAG_WRITE, VM_FAULT_ERROR } from "../../../include/linux/mm.ts";
import type { mm_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { down_read, down_read_trylock, up_read } from "../../../kernel/locking/rwsem.ts";
import { handle_mm_fault } from "../../../mm/memory.ts";
import { find_vma } from "../../../mm/mmap.ts";

/**
 * A page fault on a user address before there was a retry: one attempt, the lock held over the IO. Returns 0 or -EFAULT.
 *
 * Source: v2.6.36 arch/x86/mm/fault.c, by the text of commit d065bd810b6d that changed it.
 * Left out: as in v3.17's form.
 */
export function* do_page_fault(
  current: task_struct,
  mm: mm_struct,
  address: number,
  write: boolean,
  _user_mode: boolean,
): Steps<number> {
  current.site = "do_page_fault";
  if (!(yield* down_read_trylock(current, mm.mmap_sem, "do_page_fault"))) {
    yield* down_read(current, mm.mmap_sem, "do_page_fault");
  }
  const vma = find_vma(mm, address);
  current.charge(current.kernel.costs.find_vma);
  const mapped = vma !== null && vma.vm_start <= address;
  const fault = mapped ? yield* handle_mm_fault(current, vma, address, write ? FAULT_FLAG_WRITE : 0) : VM_FAULT_ERROR;
  yield* up_read(current, mm.mmap_sem, "do_page_fault");
  return fault & VM_FAULT_ERROR ? -EFAULT : 0;
}
