/** The steps of the model that cost time, and where each number comes from. */

import type { Law } from "./engine/law.ts";

/** How far a number can be trusted. */
export type Provenance = "measured" | "published" | "guessed";

/** One cost of the model, with where it comes from. `law`: it is drawn each time, and `value_ns` is its median. */
export interface Cost {
  readonly value_ns: number;
  readonly law?: Law;
  readonly provenance: Provenance;
  readonly origin: string;
}

/** A step of the model that takes time. */
export interface Step {
  /** What it is, in a sentence. */
  readonly says: string;
}

/**
 * The steps of the model that take CPU time, or are times that it goes by: one record each. The value of each, and where it comes from,
 * stands in `scenarios/costs`.
 */
export const steps = {
  down_read: { says: "Taking the lock for read when it is free." },
  up_read: { says: "Giving it back from read." },
  down_write: { says: "Taking the lock for write when it is free." },
  up_write: { says: "Giving it back from write." },
  wake_up: { says: "From a wake-up to running on another, idle CPU: the median." },
  wake_up_p99: { says: "The time that one such wake-up in a hundred exceeds." },
  wake_up_reader: {
    says: "As wake_up, for the first of the readers that one wake-up lets in; 0ns for no difference.",
  },
  wake_up_reader_p99: { says: "The time that one such wake-up in a hundred exceeds." },
  wake_up_next: { says: "How much later each further task of one wake-up comes." },
  wake_up_waker: { says: "What a wake-up takes the one who wakes." },
  wake_up_irq: { says: "From an interrupt or timer to running on the CPU that takes it." },
  wake_up_polled: { says: "As wake_up, where the host still polls for the CPU: the median." },
  wake_up_polled_p99: { says: "The time that one such wake-up in a hundred exceeds." },
  wake_up_preempt: { says: "From a wake-up to running on the CPU of the one who wakes: the median." },
  wake_up_preempt_p99: { says: "The time that one such wake-up in a hundred exceeds." },
  halt_poll: {
    says: "The longest time for which a host polls for a virtual CPU that has halted; 0ns for a machine that is not virtual.",
  },
  context_switch: { says: "From one task to another on the same CPU." },
  sched_slice: { says: "The time after which a task can lose its CPU to another that waits for it." },
  queue_work: { says: "Handing work to a worker, without its wake-up." },
  find_vma: { says: "Finding the mapping of an address." },
  follow_page: { says: "Finding a page that is there, in get_user_pages." },
  gup_fast_page: { says: "The same without the lock, in get_user_pages_fast." },
  put_page: { says: "Giving up the reference to a page." },
  copy_page: { says: "Copying a page of 4 KiB." },
  anon_fault: { says: "The first touch of an anonymous page: allocating and clearing 4 KiB." },
  thp_fault: { says: "The first touch of a transparent huge page: allocating and clearing 2 MiB." },
  hugetlb_fault: { says: "The first touch of a page of hugetlb." },
  cow_page: { says: "Copying a shared page that is written to." },
  anon_vma_prepare: { says: "Giving a fresh mapping its anon_vma, at its first write fault." },
  map_page: { says: "Mapping a page that is in memory." },
  fail_fault: { says: "A fault that ends in an error." },
  prepare_fault: { says: "The walk of the page tables to a missing page, before anything is read." },
  add_page: { says: "Allocating a page for a read and adding it to the cache." },
  io_submit: { says: "Handing one read to a device." },
  server_read: { says: "A server in userspace reads a request." },
  server_reply: { says: "It answers the request." },
  vm_exit: { says: "Leaving the guest for a fault, and going back." },
  kvm_map: { says: "Mapping a page in the second-level table of the guest." },
  host_tick: { says: "The period of the host's timer tick." },
  user_step: { says: "Leaving the kernel, and the next system call of mm_writer." },
  mmap_region: { says: "mmap under the lock." },
  do_munmap: { says: "The part of munmap that a writer does, without its pages." },
  unmap_region: { says: "The rest of munmap where it is downgraded to a reader, without its pages." },
  zap_page: { says: "Unmapping a page." },
  zap_table: { says: "Freeing a page table, or walking over one." },
  zap_huge: { says: "Unmapping a huge page." },
  show_map_vma: { says: "A mapping in /proc/PID/maps." },
  show_smap_vma: { says: "A mapping in /proc/PID/smaps, without its pages." },
  smaps_pte: { says: "A page that smaps, smaps_rollup or numa_maps looks at." },
  smaps_rollup: { says: "What one read of /proc/PID/smaps_rollup takes whatever it walks." },
  walk_table: { says: "A page table that a read of /proc walks through, full or empty." },
  walk_huge: { says: "A huge page that a read of /proc looks at." },
  show_rollup_vma: { says: "A mapping in /proc/PID/smaps_rollup, without its pages." },
  show_numa_vma: { says: "A mapping in /proc/PID/numa_maps, without its pages." },
  pagemap_pte: { says: "A page in /proc/PID/pagemap." },
  pagemap_range: { says: "2 MiB of addresses in /proc/PID/pagemap, whatever is there." },
  mprotect_fixup: {
    says: "A change of a mapping that splits it and joins it again, as of mprotect, mlock and some advice.",
  },
  do_brk: { says: "brk under the lock." },
  move_vma: { says: "mremap of a mapping, without its page tables." },
  copy_pte: { says: "A page that fork copies the entry of." },
  dup_mmap: { says: "What fork takes under the lock beside pages." },
  copy_table: { says: "A page table that fork copies." },
  copy_huge: { says: "A huge page that fork copies the entry of." },
  move_table: { says: "A page table that mremap moves." },
  move_huge: { says: "A huge page that mremap moves." },
  exec_mmap: { says: "execve's switch of address spaces, under the lock of the old one." },
  scan_pte: { says: "A page that khugepaged looks at." },
  collapse_huge_page: { says: "khugepaged's copy of 512 pages into a huge one, under the lock for write." },
  ksm_scan_page: { says: "A page that ksmd looks at." },
  smaps_buffer: { says: "One hold of a read of smaps where its number of holds is given (cycles)." },
  seq_read: { says: "Copying a buffer of a /proc file out, and the next read(2)." },
} as const satisfies Readonly<Record<string, Step>>;

/** The name of one step. */
export type CostName = keyof typeof steps;
/** All names, in the order of the table. */
export const costNames = Object.keys(steps) as [CostName, ...CostName[]];
/** What each step takes. */
export type Costs = Readonly<Record<CostName, Cost>>;
