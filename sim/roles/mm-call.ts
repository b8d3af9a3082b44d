import { type CallerName, callers } from "../callers/callers.ts";
import type { Order, TaskGroupBase } from "../scenario.ts";
import { repeat } from "./pace/pacer.ts";
import type { Role } from "./role.ts";

/** Tasks that do `call`, one of the callers by name, to `pages` pages of `touch`. */
export interface MmCall extends TaskGroupBase {
  readonly role: "mm_call";
  /** A name of `callers` in `sim/callers/callers.ts`. */
  readonly call: string;
  readonly mm: string;
  readonly touch: string;
  readonly order: Order;
  readonly pages: number;
}

/** A task that does the same to pages of the mm again and again: a system call of its own or of another process, a kernel thread. */
export const mm_call: Role<MmCall> = {
  what: "A task that makes one call, of those that `sites` lists, again and again: a system call, a file of /proc, the work of a kernel thread.",
  why: "Whatever takes the lock can be put beside whatever else does, without a role of its own.",
  said: null,
  later: null,
  source: "ours; each call has the source of its site",
  group: (group, { mm, walk }) => {
    const { steps } = callers[group.call as CallerName];
    return (current, i) => {
      const pages = walk(current, i, group);
      return repeat(current, group.schedule, group.call, function* (k) {
        return (yield* steps(current, mm, pages.address(k), group.pages)) >= 0;
      });
    };
  },
};
