import type { Explanation } from "../explanation.ts";
import type { Advice } from "../linux/mm/syscalls/madvise.ts";
import { khugepaged_scan_mm_slot, madvise_collapse } from "../linux/mm/khugepaged.ts";
import { ksm_do_scan } from "../linux/mm/ksm.ts";
import type { Site } from "../linux/sites.ts";
import type { Caller, CallerSteps } from "./callers.ts";

const advise =
  (advice: Advice): CallerSteps =>
  (current, mm, start, pages) =>
    current.kernel.ops.do_madvise(current, mm, start, pages, advice);

/** madvise that faults pages in. */
export const populateCallers = {
  madv_populate_read: {
    says: "madvise(POPULATE_READ)",
    pages: 4,
    site: "madvise_populate",
    steps: advise("populate_read"),
    since: "v5.14",
  },
} as const satisfies Record<string, Caller>;

/** madvise with other advice, and the kernel threads that some of it is for. */
export const adviceCallers = {
  madv_willneed: {
    says: "madvise(WILLNEED)",
    pages: 16,
    site: "do_madvise",
    steps: advise("willneed"),
  },
  madv_dontneed: {
    says: "madvise(DONTNEED)",
    pages: 16,
    site: "do_madvise",
    steps: advise("dontneed"),
  },
  madv_pageout: {
    says: "madvise(PAGEOUT)",
    pages: 16,
    site: "do_madvise",
    steps: advise("pageout"),
    since: "v5.4",
  },
  madv_hugepage: {
    says: "madvise(HUGEPAGE)",
    pages: 16,
    site: "do_madvise",
    steps: advise("hugepage"),
  },
  madv_collapse: {
    says: "madvise(COLLAPSE)",
    pages: 1,
    site: "khugepaged",
    steps: madvise_collapse,
    since: "v6.1",
  },
  khugepaged: {
    says: "khugepaged, one range",
    pages: 1,
    site: "khugepaged",
    steps: khugepaged_scan_mm_slot,
  },
  ksmd: {
    says: "ksmd, one batch",
    pages: 1,
    site: "ksmd",
    steps: (t, mm) => ksm_do_scan(t, mm),
  },
} as const satisfies Record<string, Caller>;

/** madvise, khugepaged and ksmd. */
export const adviceSites = {
  do_madvise: {
    what: "madvise(2): by advice a reader, a writer, or a holder of one mapping's lock.",
    why: "MADV_DONTNEED is a reader, which people take for a writer.",
    said: null,
    later: "See takers=v6.18.",
    source: "v3.17 and v6.18 mm/madvise.c",
  },
  madvise_populate: {
    what: "madvise(MADV_POPULATE_READ): faults pages in, politely.",
    why: "A reader that drops the lock for each IO.",
    said: null,
    later: null,
    source: "v6.18 mm/madvise.c",
  },
  khugepaged: {
    what: "Makes huge pages: a scan as a reader, a collapse as a writer.",
    why: "0.1 to 1 ms for write.",
    said: null,
    later: "It brings swapped pages in today, and gives up when that dropped the lock.",
    source: "v3.17 mm/huge_memory.c",
  },
  ksmd: {
    what: "Looks for equal pages: a short hold for each.",
    why: "Many acquisitions, each of which may queue.",
    said: null,
    later: null,
    source: "v3.17 mm/ksm.c",
  },
} as const satisfies Partial<Record<Site, Explanation>>;
