import * as procV3_17 from "../linux/fs/proc/base.v3.17.ts";
import * as procV6_18 from "../linux/fs/proc/base.v6.18.ts";
import * as mapsV3_17 from "../linux/fs/proc/task_mmu.v3.17.ts";
import * as mapsV6_18 from "../linux/fs/proc/task_mmu.v6.18.ts";
import * as madviseV3_17 from "../linux/mm/syscalls/madvise.v3.17.ts";
import * as madviseV6_18 from "../linux/mm/syscalls/madvise.v6.18.ts";
import * as mempolicyV3_17 from "../linux/mm/syscalls/mempolicy.v3.17.ts";
import * as mempolicyV6_18 from "../linux/mm/syscalls/mempolicy.v6.18.ts";
import type { Form } from "./form.ts";

/** Which /proc files and madvise calls take the lock, and how. */
export const takers = {
  "v3.17": {
    says: "maps, smaps_rollup and clear_refs hold for read; get_mempolicy over its look-up; madvise for read or write",
    what: "maps, smaps_rollup and clear_refs hold for read; get_mempolicy holds over the IO of its look-up; madvise is a reader or a writer.",
    why: "The list of mappings and the page tables are protected by one lock.",
    said: 'Andres Lagar-Cavilla: "/proc readers hanging up all over".',
    later: "See takers=v6.18.",
    source: "v3.17 fs/proc/task_mmu.c, fs/proc/base.c, mm/mempolicy.c, mm/madvise.c",
    ops: { ...mapsV3_17, ...procV3_17, ...mempolicyV3_17, ...madviseV3_17, khugepaged_swapin: false },
  },
  "v6.18": {
    says: "maps and MADV_DONTNEED take the lock of one mapping; smaps_rollup lets go when asked; clear_refs for write; cmdline no files",
    what: "maps and MADV_DONTNEED take the lock of one mapping; smaps_rollup lets go when someone waits; clear_refs is a writer; cmdline and environ follow no files.",
    why: "Monitoring must not stand behind faults, nor hang on a server in userspace.",
    said: null,
    later: null,
    source: "v6.18 fs/proc/task_mmu.c, fs/proc/base.c, mm/mempolicy.c, mm/madvise.c",
    ops: { ...mapsV6_18, ...procV6_18, ...mempolicyV6_18, ...madviseV6_18, khugepaged_swapin: true },
  },
} as const satisfies Record<
  string,
  Form<
    | "clear_refs_write"
    | "do_get_mempolicy"
    | "do_madvise"
    | "environ_read"
    | "khugepaged_swapin"
    | "proc_pid_cmdline_read"
    | "show_maps"
    | "show_smaps_rollup"
  >
>;
