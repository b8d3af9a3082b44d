import type { Steps } from "../../engine/task.ts";
import { VM_FAULT_RETRY } from "../include/linux/mm.ts";
import type { vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { release_fault_lock } from "../mm/mmap_lock.ts";
import { answerAtOnce, askServer, type userfaultfd_ctx } from "./userfaultfd.ts";

/**
 * A fault on a page that userspace must fill. Who may not retry gets SIGBUS at once; NOWAIT gets RETRY with the lock held; everyone
 * else asks, drops the lock, waits and answers RETRY. Unlike IO this looks at ALLOW_RETRY alone: a retried fault drops it again.
 *
 * Source: v6.18 fs/userfaultfd.c.
 * Left out: a task that exits or dumps core.
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
  if (ctx.released) {
    yield* release_fault_lock(current, vma, flags, "handle_userfault");
    // Back to where the lock is taken again.
    current.charge(Math.max(1, current.kernel.costs.fail_fault));
    return VM_FAULT_RETRY;
  }
  return yield* askServer(current, vma, ctx, index, flags);
}
