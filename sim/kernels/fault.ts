import * as faultModern from "../linux/arch/x86/mm/fault.modern.ts";
import { do_page_fault } from "../linux/arch/x86/mm/fault.v2.6.36.ts";
import { __do_page_fault } from "../linux/arch/x86/mm/fault.v3.17.ts";
import * as filemapModern from "../linux/mm/filemap/filemap.modern.ts";
import * as filemapNeverDrop from "../linux/mm/filemap/filemap.never-drop.ts";
import * as filemapV3_17 from "../linux/mm/filemap/filemap.v3.17.ts";
import * as filemapV5_1 from "../linux/mm/filemap/filemap.v5.1.ts";
import * as swapV3_17 from "../linux/mm/swap/swap_state.v3.17.ts";
import * as swapV4_14 from "../linux/mm/swap/swap_state.v4.14.ts";
import type { Form } from "./form.ts";

/** Whether and where a page fault lets go of the lock. */
export const fault = {
  "never-drop": {
    says: "every wait with the lock held",
    what: "Every wait for a page is with the lock held.",
    why: "What page faults did before they could be retried.",
    said: null,
    later: 'Ended by "Retry page fault when blocking on disk transfer" (v2.6.37).',
    source: "v2.6.36 mm/filemap.c, arch/x86/mm/fault.c",
    ops: {
      ...filemapNeverDrop,
      ...swapV3_17,
      do_user_addr_fault: do_page_fault,
      synchronous_swap_skips_cluster: false,
    },
  },
  "v3.17": {
    says: "reads submitted under the lock, one polite wait",
    what: "Reads are submitted with the lock held; the first attempt drops it for the wait, the second does not.",
    why: "One polite attempt: a second one cannot starve.",
    said: 'Andres Lagar-Cavilla: ALLOW_RETRY "dives in the second time with FAULT_TRIED".',
    later: "Read-ahead under the lock went with v5.1, the limit of one retry with v5.7.",
    source: "v3.17 mm/filemap.c, arch/x86/mm/fault.c",
    ops: { ...filemapV3_17, ...swapV3_17, do_user_addr_fault: __do_page_fault, synchronous_swap_skips_cluster: false },
  },
  "v5.1": {
    says: "file faults drop the lock before anything that may block",
    what: "File faults drop the lock before anything that may block: read-ahead, the read, the page lock.",
    why: "Submission can be throttled or do nothing, and readers of /proc stood behind such faults.",
    said: null,
    later: "Still so.",
    source: "v5.2 mm/filemap.c",
    ops: { ...filemapV5_1, ...swapV4_14, do_user_addr_fault: __do_page_fault, synchronous_swap_skips_cluster: true },
  },
  modern: {
    says: "only a first attempt drops the lock for IO; unbounded retries; killable",
    what: "Only an attempt without TRIED drops the lock for IO; a fault may be retried without bound, and a fatal signal ends it.",
    why: "Userfaults need more than one retry; IO gets one, as before.",
    said: null,
    later: "Disputed again in 2026: should a fault drop the lock over IO at all?",
    source: "v6.18 mm/filemap.c, arch/x86/mm/fault.c",
    ops: { ...filemapV5_1, ...swapV4_14, ...filemapModern, ...faultModern, synchronous_swap_skips_cluster: true },
  },
} as const satisfies Record<
  string,
  Form<
    | "__lock_page_or_retry"
    | "do_user_addr_fault"
    | "fault_dirty_shared_page"
    | "filemap_fault"
    | "count_swap_hit"
    | "swapin_readahead"
    | "synchronous_swap_skips_cluster"
  >
>;
