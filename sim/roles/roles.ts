import { KeyedDraws } from "../engine/random.ts";
import type { Steps } from "../engine/task.ts";
import { __do_page_fault } from "../linux/arch/x86/mm/fault.ts";
import { proc_pid_cmdline_read, readMaps, readSmaps } from "../linux/fs/proc/task_mmu.ts";
import { PAGE_SIZE } from "../linux/include/linux/mm.ts";
import { type mm_struct, pte_present, type vm_area_struct } from "../linux/include/linux/mm_types.ts";
import type { task_struct } from "../linux/include/linux/sched.ts";
import { vm_mmap_pgoff, vm_munmap } from "../linux/mm/mmap.ts";
import { process_vm_rw_single_vec } from "../linux/mm/process_vm_access.ts";
import type { MmWriter, ProcessVmReadv, ProcReader, UserThread } from "../scenario.ts";
import { repeat } from "./pacer.ts";

/** A thread of the mm that touches random pages; the k-th touch is of the same page in every variant. */
export function userThread(current: task_struct, mm: mm_struct, vma: vm_area_struct, group: UserThread): Steps {
  const { seed } = current.kernel;
  const pages = new KeyedDraws(seed, current.name, "touch");
  const writes = new KeyedDraws(seed, current.name, "write");
  return repeat(current, group.schedule, "touch", function* (k) {
    const index = Math.floor(pages.uniform(k, 0) * vma.nrPages);
    if (vma.pte[index] === pte_present) return true;
    const address = vma.vm_start + index * PAGE_SIZE;
    return (yield* __do_page_fault(current, mm, address, writes.uniform(k, 0) < group.write)) === 0;
  });
}

const procFiles = { maps: readMaps, smaps: readSmaps, cmdline: proc_pid_cmdline_read };

/** Another process that reads a /proc file of `mm`, whole, each time. */
export function procReader(current: task_struct, mm: mm_struct, group: ProcReader): Steps {
  const read = procFiles[group.file];
  return repeat(current, group.schedule, group.file, function* () {
    yield* read(current, mm);
    return true;
  });
}

/** A thread of the mm that maps some pages and unmaps them again. */
export function mmWriter(current: task_struct, mm: mm_struct, group: MmWriter): Steps {
  return repeat(current, group.schedule, group.op, function* () {
    const start = yield* vm_mmap_pgoff(current, mm, group.pages);
    return (yield* vm_munmap(current, mm, start)) === 0;
  });
}

/** Another process that reads consecutive pages at a random place of `vma`. */
export function processVmReadv(current: task_struct, mm: mm_struct, vma: vm_area_struct, group: ProcessVmReadv): Steps {
  const places = new KeyedDraws(current.kernel.seed, current.name, "touch");
  const room = vma.nrPages - group.pages + 1;
  return repeat(current, group.schedule, "process_vm_readv", function* (k) {
    const start = vma.vm_start + Math.floor(places.uniform(k, 0) * room) * PAGE_SIZE;
    return (yield* process_vm_rw_single_vec(current, mm, start, group.pages, false)) === 0;
  });
}
