import * as munmapV3_17 from "../linux/mm/mmap/mmap.v3.17.ts";
import * as munmapV4_20 from "../linux/mm/mmap/mmap.v4.20.ts";
import type { Form } from "./form.ts";

/** How munmap holds the lock while it zaps. */
export const munmap = {
  write: {
    says: "held for write during the whole zap",
    what: "munmap holds the lock for write while it zaps the pages.",
    why: "The page tables must not be used meanwhile.",
    said: null,
    later: "A ps hung for two minutes behind one such munmap in 2018; downgraded since about v4.20.",
    source: "v3.17 mm/mmap.c",
    ops: munmapV3_17,
  },
  downgrade: {
    says: "zaps as a reader",
    what: "munmap takes the mapping out of the tree as a writer and zaps its pages as a reader.",
    why: "Once it is out of the tree nobody can fault on it.",
    said: null,
    later: null,
    source: "v4.20 mm/mmap.c",
    ops: munmapV4_20,
  },
} as const satisfies Record<string, Form<"vm_munmap">>;
