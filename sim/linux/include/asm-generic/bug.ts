import type { task_struct } from "../linux/sched.ts";

/** A failed kernel assertion. Thrown through the task that hit it, which ends with the locks it holds. */
export class KernelBug extends Error {
  readonly assertion: string;

  constructor(assertion: string) {
    super(`kernel BUG: ${assertion}`);
    this.name = "KernelBug";
    this.assertion = assertion;
  }
}

/**
 * Ends the task when `condition` holds, unless assertions are compiled out.
 *
 * @param assertion the condition, as the C source has it.
 * @throws KernelBug when `condition` holds and assertions are compiled in.
 *
 * Source: v3.17 include/asm-generic/bug.h.
 */
export function BUG_ON(current: task_struct, condition: boolean, assertion: string): void {
  if (condition && !current.kernel.ignoreBugs) throw new KernelBug(assertion);
}
