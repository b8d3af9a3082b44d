import { PAGE_SIZE } from "../linux/include/linux/mm.ts";
import { vm_mmap_pgoff } from "../linux/mm/util.ts";
import type { TaskGroupBase } from "../scenario.ts";
import { repeat } from "./pace/pacer.ts";
import type { Role } from "./role.ts";

/**
 * Threads of the mm that map `pages` pages, touch the first `touch` of them, and unmap them again. `merges`: the new mapping joins
 * a neighbour, so that its first fault need not prepare it.
 */
export interface MmWriter extends TaskGroupBase {
  readonly role: "mm_writer";
  readonly op: "mmap+munmap";
  readonly mm: string;
  readonly pages: number;
  readonly touch: number;
  readonly merges: boolean;
}

/** A thread of the mm that maps some pages, touches the first of them, and unmaps them again. */
export const mm_writer: Role<MmWriter> = {
  what: "A thread of the process that maps memory, touches some of it and unmaps it again, as malloc does.",
  why: "A writer that waits for a holder over IO stops every reader behind it: it makes one hold everybody's wait.",
  said: null,
  later: "munmap is a writer for its first part only since v4.20.",
  source: "v3.17 mm/util.c (vm_mmap_pgoff) and mm/mmap.c (vm_munmap)",
  group:
    (group, { mm }) =>
    (current) => {
      const { ops, costs } = current.kernel;
      return repeat(current, group.schedule, group.op, function* () {
        current.charge(costs.user_step);
        const start = yield* vm_mmap_pgoff(current, mm, group.pages, group.merges);
        current.charge(costs.user_step);
        for (let i = 0; i < group.touch; i++) {
          yield* ops.do_user_addr_fault(current, mm, start + i * PAGE_SIZE, true, true);
        }
        return (yield* ops.vm_munmap(current, mm, start, group.pages)) === 0;
      });
    },
};
