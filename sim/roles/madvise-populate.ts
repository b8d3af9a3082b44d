import { madvise_populate as populate } from "../linux/mm/syscalls/madvise.ts";
import type { Order, TaskGroupBase } from "../scenario.ts";
import { repeat } from "./pace/pacer.ts";
import type { Role } from "./role.ts";

/** Threads of the mm that call madvise(MADV_POPULATE_READ) on `pages` pages. */
export interface MadvisePopulate extends TaskGroupBase {
  readonly role: "madvise_populate";
  readonly mm: string;
  readonly touch: string;
  readonly order: Order;
  readonly pages: number;
}

/** A thread of the mm that calls madvise(MADV_POPULATE_READ). */
export const madvise_populate: Role<MadvisePopulate> = {
  what: "A thread of the process that calls madvise(MADV_POPULATE_READ) on a run of pages.",
  why: "It prefaults as the sites of the mail do, and takes the lock again for each page that was away.",
  said: null,
  later: "It came with v5.14; kernels before have it here as if they had it.",
  source: "v5.14 mm/madvise.c (madvise_populate)",
  group:
    (group, { mm, walk }) =>
    (current, i) => {
      const pages = walk(current, i, group);
      return repeat(current, group.schedule, group.role, function* (k) {
        return (yield* populate(current, mm, pages.address(k), group.pages)) === 0;
      });
    },
};
