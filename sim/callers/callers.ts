/** What the callers of the table do: system calls and kernel threads that get at the memory of a process. */
import type { Steps } from "../engine/task.ts";
import type { CallerName } from "./caller-table.ts";
import { get_user_pages_fast } from "../linux/arch/x86/mm/gup.ts";
import { exec_mmap } from "../linux/fs/exec.ts";
import { mem_rw } from "../linux/fs/proc/base.ts";
import { pagemap_read, readSmaps, show_numa_map } from "../linux/fs/proc/task_mmu.ts";
import { EFAULT } from "../linux/include/linux/mm.ts";
import type { mm_struct } from "../linux/include/linux/mm_types.ts";
import type { task_struct } from "../linux/include/linux/sched.ts";
import { dup_mmap } from "../linux/kernel/fork.ts";
import { fault_in_user_writeable } from "../linux/kernel/futex.ts";
import { ptrace_access_vm } from "../linux/kernel/ptrace.ts";
import { brk } from "../linux/mm/syscalls/brk.ts";
import { khugepaged_scan_mm_slot, madvise_collapse } from "../linux/mm/khugepaged.ts";
import { ksm_do_scan } from "../linux/mm/ksm.ts";
import type { Advice } from "../linux/mm/syscalls/madvise.ts";
import { do_mincore } from "../linux/mm/syscalls/mincore.ts";
import { __mm_populate, do_mlock } from "../linux/mm/syscalls/mlock.ts";
import { do_mprotect_pkey } from "../linux/mm/syscalls/mprotect.ts";
import { mremap } from "../linux/mm/syscalls/mremap.ts";
import { msync } from "../linux/mm/syscalls/msync.ts";
import { process_vm_rw_single_vec } from "../linux/mm/syscalls/process_vm_access.ts";
import { vm_mmap_pgoff } from "../linux/mm/util.ts";
import { xdp_umem_pin_pages } from "../linux/net/xdp/xdp_umem.ts";

/** Works on `pages` pages from `start`. Negative for an errno. */
export type CallerSteps = (current: task_struct, mm: mm_struct, start: number, pages: number) => Steps<number>;

const fault =
  (write: boolean, user: boolean): CallerSteps =>
  (current, mm, start) =>
    current.kernel.ops.do_user_addr_fault(current, mm, start, write, user);

const fast =
  (site: string, write: boolean): CallerSteps =>
  (current, mm, start, pages) => {
    current.site = site;
    return get_user_pages_fast(current, mm, start, pages, write, []);
  };

const advise =
  (advice: Advice): CallerSteps =>
  (current, mm, start, pages) =>
    current.kernel.ops.do_madvise(current, mm, start, pages, advice);

/** A file of /proc: what cannot be read is left out of it, the call succeeds. */
function quietly(read: (current: task_struct, mm: mm_struct) => Steps): CallerSteps {
  return function* (current, mm) {
    yield* read(current, mm);
    return 0;
  };
}

function* kvmRun(t: task_struct, mm: mm_struct, start: number, canDoAsync: boolean): Steps<number> {
  const { hva_to_pfn, async_pf_get_user_page } = t.kernel.ops;
  let pfn = yield* hva_to_pfn(t, mm, start, true, true);
  if (pfn === "async" && canDoAsync) {
    t.site = "async_pf_execute";
    yield* async_pf_get_user_page(t, mm, start);
    return 0;
  }
  if (pfn === "async") pfn = yield* hva_to_pfn(t, mm, start, false, true);
  return pfn === "pfn" ? 0 : -EFAULT;
}

function* mapPopulate(t: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  yield* vm_mmap_pgoff(t, mm, pages, true);
  t.site = "vm_mmap_pgoff";
  return yield* __mm_populate(t, mm, start, pages, true);
}

/**
 * The callers. Source: each function's own.
 * Left out: what they do with the pages. An asynchronous KVM fault is done by one task here, first the vcpu's part, then the worker's.
 */
export const callers: Readonly<Record<CallerName, CallerSteps>> = {
  touch_read: fault(false, true),
  touch_write: fault(true, true),
  read_into: fault(true, false),
  write_from: fault(false, false),
  vmread: (t, mm, at, n) => process_vm_rw_single_vec(t, mm, at, n, false),
  vmread16: (t, mm, at, n) => process_vm_rw_single_vec(t, mm, at, n, false),
  vmwrite: (t, mm, at, n) => process_vm_rw_single_vec(t, mm, at, n, true),
  procmem_read: (t, mm, at, n) => mem_rw(t, mm, at, n, false),
  procmem_read4: (t, mm, at, n) => mem_rw(t, mm, at, n, false),
  procmem_write: (t, mm, at, n) => mem_rw(t, mm, at, n, true),
  ptrace_peek: (t, mm, at) => ptrace_access_vm(t, mm, at, false),
  proc_cmdline: quietly((t, mm) => t.kernel.ops.proc_pid_cmdline_read(t, mm)),
  proc_environ: quietly((t, mm) => t.kernel.ops.environ_read(t, mm)),
  madv_populate_read: advise("populate_read"),
  mlock: do_mlock,
  map_populate: mapPopulate,
  madv_willneed: advise("willneed"),
  madv_dontneed: advise("dontneed"),
  madv_pageout: advise("pageout"),
  madv_hugepage: advise("hugepage"),
  madv_collapse: madvise_collapse,
  khugepaged: khugepaged_scan_mm_slot,
  ksmd: (t, mm) => ksm_do_scan(t, mm),
  odirect_read: fast("get_user_pages_fast", true),
  vmsplice: fast("vmsplice_to_pipe", false),
  io_uring_register: (t, mm, at, n) => t.kernel.ops.io_pin_pages(t, mm, at, n),
  move_pages: (t, mm, at, n) => t.kernel.ops.do_pages_move(t, mm, at, n),
  get_mempolicy_addr: (t, mm, at) => t.kernel.ops.do_get_mempolicy(t, mm, at),
  futex_unlock_pi_private: fault(false, false),
  futex_wake_op_private: fault_in_user_writeable,
  futex_wake_shared: fast("get_futex_key", true),
  xdp_umem_reg: xdp_umem_pin_pages,
  uffdio_copy_slow_src: fault(false, false),
  coredump: (t, mm, at, n) => t.kernel.ops.dump_user_range(t, mm, at, n),
  swapoff: (t, mm, at, n) => t.kernel.ops.unuse_mm(t, mm, at, n),
  mincore: (t, mm, _at, n) => do_mincore(t, mm, n),
  msync: msync,
  proc_smaps: quietly((t, mm) => readSmaps(t, mm, null)),
  proc_maps: quietly((t, mm) => t.kernel.ops.show_maps(t, mm)),
  proc_smaps_rollup: quietly((t, mm) => t.kernel.ops.show_smaps_rollup(t, mm)),
  proc_numa_maps: quietly(show_numa_map),
  proc_pagemap: quietly(pagemap_read),
  proc_clear_refs: quietly((t, mm) => t.kernel.ops.clear_refs_write(t, mm)),
  kvm_run_apf0: (t, mm, at) => kvmRun(t, mm, at, false),
  kvm_run_apf1: (t, mm, at) => kvmRun(t, mm, at, true),
  mprotect: do_mprotect_pkey,
  mremap,
  munmap: (t, mm, at, n) => t.kernel.ops.vm_munmap(t, mm, at, n),
  brk,
  fork: (t, mm) => dup_mmap(t, mm),
  exec: (t, mm) => exec_mmap(t, mm),
};
