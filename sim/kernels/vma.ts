import { vmaLocksV6_4, vmaLocksV6_8, vmaLocksV6_18 } from "../linux/mm/mmap_lock/vma-lock-rules.ts";
import type { Form } from "./form.ts";

/** Which faults take the lock of their mapping instead. */
export const vma = {
  none: {
    says: "no per-VMA locks",
    what: "No locks of single mappings: every fault takes mmap_sem.",
    why: "One lock for an address space was enough for long.",
    said: null,
    later: "Per-VMA locks came with v6.4.",
    source: "before v6.4",
    ops: { vma_lock: null },
  },
  "v6.4": {
    says: "user faults on anonymous mappings, no swap-in",
    what: "User faults on anonymous mappings take the lock of their mapping; a swapped page starts again under mmap_lock.",
    why: "Most faults of threads touch their own mappings, and need not wait for a writer elsewhere.",
    said: null,
    later: "Extended in v6.8.",
    source: "v6.4 mm/memory.c",
    ops: { vma_lock: vmaLocksV6_4 },
  },
  "v6.8": {
    says: "also swap, file, shmem and userfaultfd",
    what: "Also faults on swap, files, shmem and userfaultfd.",
    why: "These faults are the ones that wait for IO.",
    said: null,
    later: "Extended by v6.12 and v6.18.",
    source: "v6.8 mm/memory.c",
    ops: { vma_lock: vmaLocksV6_8 },
  },
  "v6.18": {
    says: "also hugetlb and fresh mappings; UFFDIO_COPY",
    what: "Also hugetlb, fresh mappings (mmap_lock by trylock for the preparation only) and UFFDIO_COPY.",
    why: "Fresh mappings are thread stacks: just what busy writers make.",
    said: null,
    later: "A retried fault still takes mmap_lock for its second look.",
    source: "v6.18 mm/memory.c, mm/mmap_lock.c",
    ops: { vma_lock: vmaLocksV6_18 },
  },
} as const satisfies Record<string, Form<"vma_lock">>;
