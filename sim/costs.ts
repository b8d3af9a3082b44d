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

/** The steps of the model that take CPU time. What each means stands beside its value in `scenarios/costs`. */
export const costNames = [
  "down_read",
  "up_read",
  "down_write",
  "up_write",
  "wake_up",
  "wake_up_p99",
  "wake_up_reader",
  "wake_up_reader_p99",
  "wake_up_next",
  "wake_up_waker",
  "wake_up_irq",
  "wake_up_polled",
  "wake_up_polled_p99",
  "wake_up_preempt",
  "wake_up_preempt_p99",
  "halt_poll",
  "context_switch",
  "sched_slice",
  "queue_work",
  "find_vma",
  "follow_page",
  "gup_fast_page",
  "put_page",
  "copy_page",
  "anon_fault",
  "thp_fault",
  "hugetlb_fault",
  "cow_page",
  "anon_vma_prepare",
  "map_page",
  "fail_fault",
  "prepare_fault",
  "add_page",
  "io_submit",
  "server_read",
  "server_reply",
  "vm_exit",
  "kvm_map",
  "host_tick",
  "user_step",
  "mmap_region",
  "do_munmap",
  "unmap_region",
  "zap_page",
  "zap_table",
  "zap_huge",
  "show_map_vma",
  "show_smap_vma",
  "smaps_pte",
  "smaps_rollup",
  "walk_table",
  "walk_huge",
  "show_rollup_vma",
  "show_numa_vma",
  "pagemap_pte",
  "pagemap_range",
  "mprotect_fixup",
  "do_brk",
  "move_vma",
  "copy_pte",
  "dup_mmap",
  "copy_table",
  "copy_huge",
  "move_table",
  "move_huge",
  "exec_mmap",
  "scan_pte",
  "collapse_huge_page",
  "ksm_scan_page",
  "smaps_buffer",
  "seq_read",
] as const;
export type CostName = (typeof costNames)[number];
export type Costs = Readonly<Record<CostName, Cost>>;
