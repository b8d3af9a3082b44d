import type { Steps } from "../engine/task.ts";
import type { Explanation } from "../explanation.ts";
import { proc_map_files_readdir } from "../linux/fs/proc/base.ts";
import { pagemap_read, readSmaps, show_numa_map } from "../linux/fs/proc/task_mmu.ts";
import type { mm_struct } from "../linux/include/linux/mm_types.ts";
import type { task_struct } from "../linux/include/linux/sched.ts";
import type { Site } from "../linux/sites.ts";
import type { Caller } from "./callers.ts";

/** A file of /proc/PID that is read, or written, whole. */
export interface ProcFile extends Caller {
  /** @param cycles lock holds of one read, null to count them from the mappings. Only smaps can be told. */
  readonly read: (current: task_struct, mm: mm_struct, cycles: number | null) => Steps;
  /** What it reads of the mapping that holds argv; left out where it needs none. */
  readonly argv?: string;
}

/** What cannot be read is left out of the file: as a call it succeeds. */
function procFile(file: Omit<ProcFile, "steps">): ProcFile {
  return {
    ...file,
    *steps(current, mm) {
      yield* file.read(current, mm, null);
      return 0;
    },
  };
}

/** Files with memory of the process in them. */
export const memoryFiles = {
  proc_cmdline: procFile({
    says: "read /proc/PID/cmdline",
    pages: 1,
    site: "proc_pid_cmdline_read",
    read: (t, mm) => t.kernel.ops.proc_pid_cmdline_read(t, mm),
    argv: "argv",
  }),
  proc_environ: procFile({
    says: "read /proc/PID/environ",
    pages: 1,
    site: "environ_read",
    read: (t, mm) => t.kernel.ops.environ_read(t, mm),
    argv: "what lies behind argv",
  }),
} as const satisfies Record<string, ProcFile>;

/** Files that tell of the mappings of the process. */
export const mappingFiles = {
  proc_smaps: procFile({
    says: "read /proc/PID/smaps",
    pages: 1,
    site: "show_pid_smap",
    read: readSmaps,
  }),
  proc_maps: procFile({
    says: "read /proc/PID/maps",
    pages: 1,
    site: "show_pid_map",
    read: (t, mm) => t.kernel.ops.show_maps(t, mm),
  }),
  proc_smaps_rollup: procFile({
    says: "read /proc/PID/smaps_rollup",
    pages: 1,
    site: "show_smaps_rollup",
    read: (t, mm) => t.kernel.ops.show_smaps_rollup(t, mm),
    since: "v4.14",
  }),
  proc_numa_maps: procFile({
    says: "read /proc/PID/numa_maps",
    pages: 1,
    site: "show_numa_map",
    read: show_numa_map,
  }),
  proc_pagemap: procFile({
    says: "read /proc/PID/pagemap",
    pages: 16,
    site: "pagemap_read",
    read: pagemap_read,
  }),
  proc_clear_refs: procFile({
    says: "write /proc/PID/clear_refs",
    pages: 1,
    site: "clear_refs_write",
    read: (t, mm) => t.kernel.ops.clear_refs_write(t, mm),
  }),
  proc_map_files: procFile({
    says: "list /proc/PID/map_files",
    pages: 1,
    site: "proc_map_files_readdir",
    read: proc_map_files_readdir,
  }),
} as const satisfies Record<string, ProcFile>;

/** The files by the names they have in /proc/PID. */
export const procFiles: Readonly<Record<string, ProcFile>> = Object.fromEntries(
  Object.entries<ProcFile>({ ...mappingFiles, ...memoryFiles }).map(([name, file]) => [
    name.slice("proc_".length),
    file,
  ]),
);

/** The functions behind the files. */
export const procSites = {
  show_pid_map: {
    what: "/proc/PID/maps: a hold for each buffer of 4 KiB.",
    why: "It waits behind writers that wait for holders over IO.",
    said: 'Andres Lagar-Cavilla: "/proc readers hanging up all over".',
    later: "The lock of one mapping at a time in v6.18.",
    source: "v3.17 fs/proc/task_mmu.c",
  },
  show_pid_smap: {
    what: "/proc/PID/smaps: as maps, with a walk of page tables under the hold.",
    why: "Each hold is some tens of microseconds.",
    said: null,
    later: "Still mmap_lock.",
    source: "v3.17 fs/proc/task_mmu.c",
  },
  show_smaps_rollup: {
    what: "/proc/PID/smaps_rollup: a walk of all page tables.",
    why: "10 ms a GiB in one hold.",
    said: null,
    later: "It lets go between mappings when someone waits.",
    source: "v4.14 fs/proc/task_mmu.c",
  },
  show_numa_map: {
    what: "/proc/PID/numa_maps: as smaps.",
    why: "As smaps.",
    said: null,
    later: null,
    source: "v3.17 fs/proc/task_mmu.c",
  },
  pagemap_read: {
    what: "/proc/PID/pagemap: a hold for 2 MiB of addresses.",
    why: "Short holds, many of them.",
    said: null,
    later: null,
    source: "v3.17 fs/proc/task_mmu.c",
  },
  clear_refs_write: {
    what: "/proc/PID/clear_refs: a walk of all page tables.",
    why: "A reader once, a writer today: it changes page-table entries.",
    said: null,
    later: null,
    source: "v3.17 and v6.18 fs/proc/task_mmu.c",
  },
  proc_map_files_readdir: {
    what: "/proc/PID/map_files: every file mapping noted in one hold.",
    why: "Short, and yet it waits behind a queued writer as maps does: to list a directory may hang.",
    said: null,
    later: "Still mmap_lock, killable.",
    source: "v3.17 and v6.18 fs/proc/base.c",
  },
  proc_pid_cmdline_read: {
    what: "/proc/PID/cmdline: what `ps` reads. argv is memory of the process, and may be swapped out.",
    why: "It holds the lock of the process over that IO.",
    said: null,
    later: "File mappings are not followed any more; swap is.",
    source: "v3.17 fs/proc/base.c",
  },
  environ_read: {
    what: "/proc/PID/environ: as cmdline.",
    why: "As cmdline.",
    said: null,
    later: "As cmdline.",
    source: "v3.17 fs/proc/base.c",
  },
} as const satisfies Partial<Record<Site, Explanation>>;
