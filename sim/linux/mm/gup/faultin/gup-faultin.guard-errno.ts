import type { Steps } from "../../../../engine/task.ts";
import { EFAULT, ENOENT } from "../../../include/linux/mm.ts";
import type { vm_area_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import type { LockedPointer } from "../../gup.ts";
import * as v3_17 from "./gup-faultin.v3.17.ts";

/**
 * As v3.17, but a stack guard page is an error: the review's "fixing that one case inside __gup", so that one page is never answered
 * without a page and without an errno.
 *
 * Source: the review of 26 Sep 2014.
 */
export function* faultin_page(
  current: task_struct,
  vma: vm_area_struct,
  address: number,
  flags: number,
  nonblocking: LockedPointer | null,
): Steps<number> {
  const ret = yield* v3_17.faultin_page(current, vma, address, flags, nonblocking);
  return ret === -ENOENT ? -EFAULT : ret;
}
