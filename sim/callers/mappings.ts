import type { Steps } from "../engine/task.ts";
import type { Explanation } from "../explanation.ts";
import type { mm_struct } from "../linux/include/linux/mm_types.ts";
import type { task_struct } from "../linux/include/linux/sched.ts";
import { brk } from "../linux/mm/syscalls/brk.ts";
import { do_mincore } from "../linux/mm/syscalls/mincore.ts";
import { __mm_populate, do_mlock } from "../linux/mm/syscalls/mlock.ts";
import { do_mprotect_pkey } from "../linux/mm/syscalls/mprotect.ts";
import { mremap } from "../linux/mm/syscalls/mremap.ts";
import { msync } from "../linux/mm/syscalls/msync.ts";
import { vm_mmap_pgoff } from "../linux/mm/util.ts";
import type { Site } from "../linux/sites.ts";
import type { Caller } from "./callers.ts";

function* mapPopulate(t: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  yield* vm_mmap_pgoff(t, mm, pages, true);
  t.site = "vm_mmap_pgoff";
  return yield* __mm_populate(t, mm, start, pages, true);
}

/** Who faults a whole range in. */
export const lockedMemoryCallers = {
  mlock: {
    says: "mlock",
    pages: 4,
    site: "do_mlock",
    steps: do_mlock,
  },
  map_populate: {
    says: "mmap(MAP_POPULATE)",
    pages: 4,
    site: "vm_mmap_pgoff",
    steps: mapPopulate,
  },
} as const satisfies Record<string, Caller>;

/** Who asks on which node a page is. */
export const placementCallers = {
  move_pages: {
    says: "move_pages(2)",
    pages: 1,
    site: "do_pages_move",
    steps: (t, mm, at, n) => t.kernel.ops.do_pages_move(t, mm, at, n),
  },
  get_mempolicy_addr: {
    says: "get_mempolicy(MPOL_F_NODE|ADDR)",
    pages: 1,
    site: "do_get_mempolicy",
    steps: (t, mm, at) => t.kernel.ops.do_get_mempolicy(t, mm, at),
  },
} as const satisfies Record<string, Caller>;

/** Who looks at a range, or writes it back. */
export const rangeCallers = {
  mincore: {
    says: "mincore",
    pages: 1,
    site: "do_mincore",
    steps: (t, mm, _at, n) => do_mincore(t, mm, n),
  },
  msync: {
    says: "msync(MS_SYNC)",
    pages: 1,
    site: "msync",
    steps: msync,
  },
} as const satisfies Record<string, Caller>;

/** Who changes mappings. */
export const mappingCallers = {
  mprotect: {
    says: "mprotect",
    pages: 1,
    site: "do_mprotect_pkey",
    steps: do_mprotect_pkey,
  },
  mremap: {
    says: "mremap that moves",
    pages: 1,
    site: "mremap",
    steps: mremap,
  },
  munmap: {
    says: "munmap",
    pages: 1,
    site: "vm_munmap",
    steps: (t, mm, at, n) => t.kernel.ops.vm_munmap(t, mm, at, n),
  },
  brk: {
    says: "brk",
    pages: 1,
    site: "brk",
    steps: brk,
  },
} as const satisfies Record<string, Caller>;

/** The system calls on mappings. */
export const mappingSites = {
  vm_mmap_pgoff: {
    what: "mmap(2): a writer.",
    why: "The writer behind whom readers queue. MAP_FIXED over dirty FUSE pages waits for their IO.",
    said: null,
    later: null,
    source: "v3.17 mm/util.c",
  },
  vm_munmap: {
    what: "munmap(2): a writer, and a reader for the zap since v4.20.",
    why: "The other half of the writer.",
    said: null,
    later: "See munmap=downgrade.",
    source: "v3.17 mm/mmap.c",
  },
  do_mprotect_pkey: {
    what: "mprotect(2): a writer, which waits for the VMA readers of its mapping.",
    why: "Behind a fault on swapped shmem it holds the lock for write over that IO.",
    said: null,
    later: null,
    source: "v6.18 mm/mprotect.c",
  },
  brk: {
    what: "brk(2) that grows: a short writer.",
    why: "malloc calls it.",
    said: null,
    later: null,
    source: "v3.17 mm/mmap.c",
  },
  mremap: {
    what: "mremap(2) that moves: a writer for all page-table entries.",
    why: "Closing the old place writes dirty FUSE pages back, for write.",
    said: null,
    later: null,
    source: "v3.17 mm/mremap.c",
  },
  do_mlock: {
    what: "mlock(2): a short writer, then a polite reader.",
    why: "Its populate was polite before the patch.",
    said: null,
    later: null,
    source: "v3.17 mm/mlock.c",
  },
  do_get_mempolicy: {
    what: "get_mempolicy(2) of an address.",
    why: "v3.17 holds over the IO of its page.",
    said: null,
    later: "It lets go of the lock before the look-up today.",
    source: "v3.17 and v6.18 mm/mempolicy.c",
  },
  do_mincore: {
    what: "mincore(2): looks, and waits for nothing.",
    why: "A short reader.",
    said: null,
    later: null,
    source: "v3.17 mm/mincore.c",
  },
  do_pages_move: {
    what: "move_pages(2): looks pages up, and passes over what is away.",
    why: "A short reader for each page; the pages are moved without the lock.",
    said: null,
    later: "v3.17 moved a chunk of pages in one hold.",
    source: "v3.17, v5.4 and v6.18 mm/migrate.c",
  },
  msync: {
    what: "msync(2): lets go of the lock around the writes.",
    why: "A writeback is long.",
    said: null,
    later: null,
    source: "v3.17 mm/msync.c",
  },
} as const satisfies Partial<Record<Site, Explanation>>;
