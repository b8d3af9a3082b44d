import type { Explanation } from "../explanation.ts";
import { exec_mmap } from "../linux/fs/exec.ts";
import { dup_mmap } from "../linux/kernel/fork.ts";
import type { Site } from "../linux/sites.ts";
import type { Caller } from "./callers.ts";

/** Who goes through the memory of a whole process. */
export const wholeCallers = {
  coredump: {
    says: "core dump, 8 pages",
    pages: 8,
    site: "dump_user_range",
    steps: (t, mm, at, n) => t.kernel.ops.dump_user_range(t, mm, at, n),
  },
  swapoff: {
    says: "swapoff(2) with 16 pages of the mm out",
    pages: 16,
    site: "unuse_mm",
    steps: (t, mm, at, n) => t.kernel.ops.unuse_mm(t, mm, at, n),
  },
} as const satisfies Record<string, Caller>;

/** A process is copied, or begins another program. */
export const processCallers = {
  fork: {
    says: "fork",
    pages: 1,
    site: "dup_mmap",
    steps: (t, mm) => dup_mmap(t, mm),
  },
  exec: {
    says: "exec",
    pages: 1,
    site: "exec_mmap",
    steps: (t, mm) => exec_mmap(t, mm),
  },
} as const satisfies Record<string, Caller>;

/** fork, exec, core dumps and swapoff. */
export const processSites = {
  dup_mmap: {
    what: "fork(2) copies the page tables of private memory with the lock held for write.",
    why: "20 ms a GiB.",
    said: null,
    later: null,
    source: "v3.17 kernel/fork.c",
  },
  exec_mmap: {
    what: "exec(2) leaves an mm: a short reader.",
    why: "No core dump may begin meanwhile.",
    said: null,
    later: null,
    source: "v3.17 fs/exec.c",
  },
  dump_user_range: {
    what: "A core dump: a hold over the IO of each page.",
    why: "The pages of a dead process, and its lock, on which /proc readers wait.",
    said: "Andrea Arcangeli: core dumps keep locked=NULL.",
    later: "v3.17 took no lock: all other threads are dead.",
    source: "v6.18 fs/coredump.c, mm/gup.c",
  },
  unuse_mm: {
    what: "swapoff(2) brings the pages of a process back, in one hold over all their IO.",
    why: "Hundreds of milliseconds for some pages.",
    said: null,
    later: "v3.17 read and waited for each page without the lock, and took it to map the page.",
    source: "v3.17, v5.4 and v6.18 mm/swapfile.c",
  },
} as const satisfies Partial<Record<Site, Explanation>>;
