import type { Steps } from "../../engine/task.ts";
import { VM_FAULT_RETRY } from "../include/linux/mm.ts";
import type { vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { release_fault_lock } from "../mm/mmap_lock.ts";
import { answerAtOnce, sleepForPage, type userfaultfd_ctx } from "./userfaultfd.ts";

/**
 * As in the kernel, with the steps in another order: the server is woken, then the lock is dropped, then the message is queued. A server
 * that is quick finds nothing and goes back to sleep, and nobody wakes it again.
 *
 * Source: none, it is the order that the mail of 26 Sep 2014 leaves open ("drop the mmap semaphore and signal and sleep").
 */
export function* handle_userfault(
  current: task_struct,
  vma: vm_area_struct,
  ctx: userfaultfd_ctx,
  index: number,
  flags: number,
): Steps<number> {
  const answer = answerAtOnce(ctx, flags);
  if (answer !== null) return answer;
  if (current.settles()) yield;
  if (!ctx.released) {
    ctx.wakeReader();
    current.charge(current.kernel.costs.wake_up_waker);
  }
  yield* release_fault_lock(current, vma, flags, "handle_userfault");
  if (!ctx.released) yield* sleepForPage(current, ctx, ctx.enqueue(vma, index, current), flags);
  return VM_FAULT_RETRY;
}
