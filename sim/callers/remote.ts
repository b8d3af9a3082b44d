import type { Explanation } from "../explanation.ts";
import { mem_rw } from "../linux/fs/proc/base.ts";
import { ptrace_access_vm } from "../linux/kernel/ptrace.ts";
import { process_vm_rw_single_vec } from "../linux/mm/syscalls/process_vm_access.ts";
import type { Site } from "../linux/sites.ts";
import type { Caller } from "./callers.ts";

/** Who reads and writes the memory of another process. */
export const remoteCallers = {
  vmread: {
    says: "process_vm_readv",
    pages: 1,
    site: "process_vm_rw_single_vec",
    steps: (t, mm, at, n) => process_vm_rw_single_vec(t, mm, at, n, false),
  },
  vmread16: {
    says: "process_vm_readv, 16 pages",
    pages: 16,
    site: "process_vm_rw_single_vec",
    steps: (t, mm, at, n) => process_vm_rw_single_vec(t, mm, at, n, false),
  },
  vmwrite: {
    says: "process_vm_writev",
    pages: 1,
    site: "process_vm_rw_single_vec",
    steps: (t, mm, at, n) => process_vm_rw_single_vec(t, mm, at, n, true),
  },
  procmem_read: {
    says: "pread /proc/PID/mem",
    pages: 1,
    site: "mem_rw",
    steps: (t, mm, at, n) => mem_rw(t, mm, at, n, false),
  },
  procmem_read4: {
    says: "pread /proc/PID/mem, 4 pages",
    pages: 4,
    site: "mem_rw",
    steps: (t, mm, at, n) => mem_rw(t, mm, at, n, false),
  },
  procmem_write: {
    says: "pwrite /proc/PID/mem",
    pages: 1,
    site: "mem_rw",
    steps: (t, mm, at, n) => mem_rw(t, mm, at, n, true),
  },
  ptrace_peek: {
    says: "ptrace(PEEKDATA)",
    pages: 1,
    site: "ptrace_access_vm",
    steps: (t, mm, at) => ptrace_access_vm(t, mm, at, false),
  },
} as const satisfies Record<string, Caller>;

/** process_vm_readv, /proc/PID/mem and ptrace. */
export const remoteSites = {
  process_vm_rw_single_vec: {
    what: "process_vm_readv gets up to 1024 pages of another process at once.",
    why: "One hold over the IO of the whole batch.",
    said: null,
    later: "Polite since v4.0.",
    source: "v3.17 mm/process_vm_access.c",
  },
  mem_rw: {
    what: "/proc/PID/mem: a page a hold, over its IO.",
    why: "It needs the mapping, and passes no locked pointer.",
    said: null,
    later: "Still so. With a locked pointer missing, it fails at once on a page of a userfaultfd.",
    source: "v3.17 and v6.18 fs/proc/base.c",
  },
  ptrace_access_vm: {
    what: "PTRACE_PEEKDATA: a word of another process, over the IO of its page.",
    why: "As /proc/PID/mem.",
    said: "Andrea Arcangeli: ptrace keeps locked=NULL.",
    later: "Still so. With a locked pointer missing, it fails at once on a page of a userfaultfd.",
    source: "v6.18 kernel/ptrace.c",
  },
} as const satisfies Partial<Record<Site, Explanation>>;
