import { KeyedDraws } from "../engine/random.ts";
import { isReadable, pte_present } from "../linux/include/linux/mm_types.ts";
import type { Order, TaskGroupBase } from "../scenario.ts";
import { repeat } from "./pace/pacer.ts";
import type { Role } from "./role.ts";

/** Threads of the mm that touch pages of `touch`; with `access` kernel it is the kernel that does, in a system call of theirs. */
export interface UserThread extends TaskGroupBase {
  readonly role: "user_thread";
  readonly mm: string;
  readonly touch: string;
  readonly order: Order;
  /** Share of touches that write, 0..1. */
  readonly write: number;
  readonly access: "user" | "kernel";
}

/** A thread of the mm that touches pages, itself or through the kernel. */
export const user_thread: Role<UserThread> = {
  what: "A thread of the process that touches a page of a mapping again and again.",
  why: "Its fault may drop the lock for IO, which callers of get_user_pages could not in v3.17; and it waits when others hold the lock.",
  said: null,
  later: "From v6.4 on more and more of such faults take the lock of their mapping only.",
  source: "v3.17 arch/x86/mm/fault.c (__do_page_fault)",
  group: (group, { mm, vma, walk }) => {
    const touched = vma(group.touch);
    return (current, i) => {
      const { ops } = current.kernel;
      const pages = walk(current, i, group);
      const writes = new KeyedDraws(current.seed, current.name, "write");
      return repeat(current, group.schedule, "touch", function* (k) {
        const pte = touched.pte[pages.index(k)];
        const write = writes.uniform(k, 0) < group.write;
        if (pte === pte_present || (!write && isReadable(pte))) return true;
        return (yield* ops.do_user_addr_fault(current, mm, pages.address(k), write, group.access === "user")) === 0;
      });
    };
  },
};
