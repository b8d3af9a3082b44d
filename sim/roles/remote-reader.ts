import type { Explanation } from "../explanation.ts";
import { mem_rw } from "../linux/fs/proc/base.ts";
import { process_vm_rw_single_vec } from "../linux/mm/syscalls/process_vm_access.ts";
import type { Order, TaskGroupBase } from "../scenario.ts";
import { repeat } from "./pace/pacer.ts";
import type { Role } from "./role.ts";

/** Other processes that read `pages` consecutive pages of `touch` in `target`, by process_vm_readv or through /proc/PID/mem. */
export interface RemoteReader extends TaskGroupBase {
  readonly role: "process_vm_readv" | "proc_mem";
  readonly target: string;
  readonly touch: string;
  readonly order: Order;
  readonly pages: number;
}

/** Another process that reads consecutive pages of the mm, by `read`. */
function remoteReader(read: typeof mem_rw, words: Explanation): Role<RemoteReader> {
  return {
    ...words,
    group:
      (group, { mm, walk }) =>
      (current, i) => {
        const pages = walk(current, i, group);
        return repeat(current, group.schedule, group.role, function* (k) {
          return (yield* read(current, mm, pages.address(k), group.pages, false)) === 0;
        });
      },
  };
}

/** Reads by process_vm_readv. */
export const process_vm_readv = remoteReader(process_vm_rw_single_vec, {
  what: "Another process that reads a run of pages by process_vm_readv, up to 1024 pages a call of get_user_pages.",
  why: "One call may hold the lock over the IO of all of them, where it does not let go.",
  said: null,
  later: "It lets go over IO since v4.0.",
  source: "v3.17 mm/process_vm_access.c",
});

/** Reads /proc/PID/mem. */
export const proc_mem = remoteReader(mem_rw, {
  what: "Another process that reads a run of pages through /proc/PID/mem, page by page.",
  why: "A debugger or a live dump: one hold of plain get_user_pages a page, also over its IO.",
  said: null,
  later: null,
  source: "v3.17 fs/proc/base.c (mem_rw)",
});
