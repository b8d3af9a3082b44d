import { dump_user_range } from "../linux/fs/coredump.ts";
import * as coredumpV3_17 from "../linux/fs/coredump.v3.17.ts";
import * as procV3_17 from "../linux/fs/proc/base.v3.17.ts";
import * as procV6_18 from "../linux/fs/proc/base.v6.18.ts";
import * as mapsV3_17 from "../linux/fs/proc/task_mmu.v3.17.ts";
import * as mapsV6_18 from "../linux/fs/proc/task_mmu.v6.18.ts";
import * as ioPinPagesV5_4 from "../linux/io_uring/io_pin_pages.v5.4.ts";
import * as ioPinPagesV6_18 from "../linux/io_uring/io_pin_pages.v6.18.ts";
import { unuse_mm } from "../linux/mm/swap/swapfile.ts";
import * as swapfileV3_17 from "../linux/mm/swap/swapfile.v3.17.ts";
import * as madviseV5_4 from "../linux/mm/syscalls/forms/madvise.v5.4.ts";
import * as mempolicyV5_4 from "../linux/mm/syscalls/forms/mempolicy.v5.4.ts";
import * as migrateV3_17 from "../linux/mm/syscalls/forms/migrate.v3.17.ts";
import * as migrateV5_4 from "../linux/mm/syscalls/forms/migrate.v5.4.ts";
import * as madviseV3_17 from "../linux/mm/syscalls/forms/madvise.v3.17.ts";
import * as madviseV6_18 from "../linux/mm/syscalls/forms/madvise.v6.18.ts";
import * as mempolicyV3_17 from "../linux/mm/syscalls/forms/mempolicy.v3.17.ts";
import * as mempolicyV6_18 from "../linux/mm/syscalls/forms/mempolicy.v6.18.ts";
import type { Form } from "./form.ts";

/** Which system calls, /proc files and kernel threads take the lock, and how. */
export const takers = {
  "v3.17": {
    says: "maps, smaps_rollup and clear_refs hold for read; get_mempolicy over its look-up; madvise for read or write",
    what: "maps, smaps_rollup and clear_refs hold for read; get_mempolicy holds over the IO of its look-up; madvise is a reader or a writer.",
    why: "The list of mappings and the page tables are protected by one lock.",
    said: 'Andres Lagar-Cavilla: "/proc readers hanging up all over".',
    later: "See takers=v5.4.",
    source: "v3.17 fs/proc/task_mmu.c, fs/proc/base.c, mm/mempolicy.c, mm/madvise.c",
    ops: {
      ...mapsV3_17,
      ...procV3_17,
      ...mempolicyV3_17,
      ...madviseV3_17,
      ...coredumpV3_17,
      ...swapfileV3_17,
      ...migrateV3_17,
      ...ioPinPagesV5_4,
      khugepaged_swapin: "no",
      khugepaged_waits: true,
      move_normal_pmd: false,
    },
  },
  "v5.4": {
    says: "as v3.17, but cmdline no files, get_mempolicy and MADV_WILLNEED let go for IO, swapoff does not, khugepaged never waits",
    what: "As v3.17, but cmdline and environ follow no files, get_mempolicy and MADV_WILLNEED let go for IO, move_pages holds for a page at a time, and khugepaged never waits for the lock; swapoff and io_uring hold over IO.",
    why: "Each of these was changed for itself, in the releases between.",
    said: null,
    later: "See takers=v6.12.",
    source:
      "v5.4 fs/proc/base.c, mm/mempolicy.c, mm/madvise.c, mm/swapfile.c, mm/migrate.c, mm/khugepaged.c, mm/mremap.c, fs/io_uring.c",
    ops: {
      ...mapsV3_17,
      ...procV6_18,
      ...mempolicyV5_4,
      ...madviseV5_4,
      ...coredumpV3_17,
      unuse_mm,
      ...migrateV5_4,
      ...ioPinPagesV5_4,
      khugepaged_swapin: "goes on",
      khugepaged_waits: false,
      move_normal_pmd: true,
    },
  },
  "v6.12": {
    says: "as v6.18, but maps and MADV_DONTNEED take mmap_lock for read",
    what: "As v6.18, but maps holds mmap_lock for read for each buffer, and so does MADV_DONTNEED for its zap.",
    why: "Locks of single mappings were for faults first.",
    said: null,
    later: "See takers=v6.18.",
    source: "v6.12 fs/proc/task_mmu.c, fs/proc/base.c, mm/mempolicy.c, mm/madvise.c, io_uring/memmap.c",
    ops: {
      ...mapsV6_18,
      show_maps: mapsV3_17.show_maps,
      ...procV6_18,
      ...mempolicyV6_18,
      ...madviseV5_4,
      dump_user_range,
      unuse_mm,
      ...migrateV5_4,
      ...ioPinPagesV6_18,
      khugepaged_swapin: "gives up",
      khugepaged_waits: false,
      move_normal_pmd: true,
    },
  },
  "v6.18": {
    says: "maps and MADV_DONTNEED take the lock of one mapping; smaps_rollup lets go when asked; clear_refs for write; cmdline no files",
    what: "maps and MADV_DONTNEED take the lock of one mapping; smaps_rollup lets go when someone waits; clear_refs is a writer; cmdline and environ follow no files.",
    why: "Monitoring must not stand behind faults, nor hang on a server in userspace.",
    said: null,
    later: null,
    source: "v6.18 fs/proc/task_mmu.c, fs/proc/base.c, mm/mempolicy.c, mm/madvise.c",
    ops: {
      ...mapsV6_18,
      ...procV6_18,
      ...mempolicyV6_18,
      ...madviseV6_18,
      dump_user_range,
      unuse_mm,
      ...migrateV5_4,
      ...ioPinPagesV6_18,
      khugepaged_swapin: "gives up",
      khugepaged_waits: false,
      move_normal_pmd: true,
    },
  },
} as const satisfies Record<
  string,
  Form<
    | "clear_refs_write"
    | "do_get_mempolicy"
    | "do_madvise"
    | "do_pages_move"
    | "dump_user_range"
    | "environ_read"
    | "io_pin_pages"
    | "khugepaged_swapin"
    | "khugepaged_waits"
    | "move_normal_pmd"
    | "proc_pid_cmdline_read"
    | "show_maps"
    | "show_smaps_rollup"
    | "unuse_mm"
  >
>;
