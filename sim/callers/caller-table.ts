/** The callers that an `mm_call` task can be and that the matrix has rows for: a table, nothing of the kernel is loaded with it. */

/** What people call it, and the pages it usually works on. */
export interface CallerRecord {
  readonly says: string;
  readonly pages: number;
}

/** The callers by the names of the measurement on 6.18, where they have one. Source: none, what each does is in callers.ts. */
export const callerTable = {
  touch_read: { says: "user-mode load", pages: 1 },
  touch_write: { says: "user-mode store", pages: 1 },
  read_into: { says: "read(2) into the page (copy_to_user)", pages: 1 },
  write_from: { says: "write(2) from the page (copy_from_user)", pages: 1 },
  vmread: { says: "process_vm_readv", pages: 1 },
  vmread16: { says: "process_vm_readv, 16 pages", pages: 16 },
  vmwrite: { says: "process_vm_writev", pages: 1 },
  procmem_read: { says: "pread /proc/PID/mem", pages: 1 },
  procmem_read4: { says: "pread /proc/PID/mem, 4 pages", pages: 4 },
  procmem_write: { says: "pwrite /proc/PID/mem", pages: 1 },
  ptrace_peek: { says: "ptrace(PEEKDATA)", pages: 1 },
  proc_cmdline: { says: "read /proc/PID/cmdline", pages: 1 },
  proc_environ: { says: "read /proc/PID/environ", pages: 1 },
  madv_populate_read: { says: "madvise(POPULATE_READ)", pages: 4 },
  mlock: { says: "mlock", pages: 4 },
  map_populate: { says: "mmap(MAP_POPULATE)", pages: 4 },
  madv_willneed: { says: "madvise(WILLNEED)", pages: 16 },
  madv_dontneed: { says: "madvise(DONTNEED)", pages: 16 },
  madv_pageout: { says: "madvise(PAGEOUT)", pages: 16 },
  madv_hugepage: { says: "madvise(HUGEPAGE)", pages: 16 },
  madv_collapse: { says: "madvise(COLLAPSE)", pages: 1 },
  khugepaged: { says: "khugepaged, one range", pages: 1 },
  ksmd: { says: "ksmd, one batch", pages: 1 },
  odirect_read: { says: "read(2) O_DIRECT into the page", pages: 1 },
  vmsplice: { says: "vmsplice of the page", pages: 1 },
  io_uring_register: { says: "io_uring buffer registration", pages: 1 },
  move_pages: { says: "move_pages(2)", pages: 1 },
  get_mempolicy_addr: { says: "get_mempolicy(MPOL_F_NODE|ADDR)", pages: 1 },
  futex_unlock_pi_private: { says: "futex(UNLOCK_PI|PRIVATE) on the page", pages: 1 },
  futex_wake_op_private: { says: "futex(WAKE_OP, LOCK_PI|PRIVATE) on the page", pages: 1 },
  futex_wake_shared: { says: "futex(WAKE), shared key on the page", pages: 1 },
  xdp_umem_reg: { says: "AF_XDP umem registration", pages: 1 },
  uffdio_copy_slow_src: { says: "UFFDIO_COPY from the page", pages: 1 },
  coredump: { says: "core dump, 8 pages", pages: 8 },
  swapoff: { says: "swapoff(2) with 16 pages of the mm out", pages: 16 },
  mincore: { says: "mincore", pages: 1 },
  msync: { says: "msync(MS_SYNC)", pages: 1 },
  proc_smaps: { says: "read /proc/PID/smaps", pages: 1 },
  proc_maps: { says: "read /proc/PID/maps", pages: 1 },
  proc_smaps_rollup: { says: "read /proc/PID/smaps_rollup", pages: 1 },
  proc_numa_maps: { says: "read /proc/PID/numa_maps", pages: 1 },
  proc_pagemap: { says: "read /proc/PID/pagemap", pages: 16 },
  proc_clear_refs: { says: "write /proc/PID/clear_refs", pages: 1 },
  kvm_run_apf0: { says: "KVM guest access, no async page fault", pages: 1 },
  kvm_run_apf1: { says: "KVM guest access, async page fault possible", pages: 1 },
  mprotect: { says: "mprotect", pages: 1 },
  mremap: { says: "mremap that moves", pages: 1 },
  munmap: { says: "munmap", pages: 1 },
  brk: { says: "brk", pages: 1 },
  fork: { says: "fork", pages: 1 },
  exec: { says: "exec", pages: 1 },
} as const satisfies Record<string, CallerRecord>;

/** The name of one caller. */
export type CallerName = keyof typeof callerTable;
/** All names, in the order of the table. */
export const callerNames = Object.keys(callerTable) as CallerName[];
