import type { Steps } from "../../engine/task.ts";
import { VM_FAULT_NOPAGE, VM_FAULT_SIGBUS } from "../include/linux/mm.ts";
import type { vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { answerAtOnce, askServer, isRefused, type userfaultfd_ctx } from "./userfaultfd.ts";

/**
 * As today, but a closed descriptor is looked at before anything else, and the answer is NOPAGE with the lock held: a user fault lets the
 * lock go and comes again, get_user_pages comes again without letting go.
 *
 * Source: v4.15, v5.4, v6.8 and v6.12 fs/userfaultfd.c.
 * Left out: a task that exits or dumps core.
 */
export function* handle_userfault(
  current: task_struct,
  vma: vm_area_struct,
  ctx: userfaultfd_ctx,
  index: number,
  flags: number,
): Steps<number> {
  if (isRefused(ctx, flags)) return VM_FAULT_SIGBUS;
  if (current.settles()) yield;
  if (ctx.released) {
    current.charge(Math.max(1, current.kernel.costs.fail_fault));
    return VM_FAULT_NOPAGE;
  }
  const answer = answerAtOnce(ctx, flags);
  if (answer !== null) return answer;
  return yield* askServer(current, vma, ctx, index, flags);
}
