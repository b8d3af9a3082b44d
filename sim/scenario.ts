/**
 * A scenario, resolved: plain data, whole nanoseconds, whole pages, laws with their bins. `scenarios/load.ts` makes it from
 * YAML; a run needs nothing else, so a result that holds it is self-contained.
 */
import type { Law } from "./engine/law.ts";

/** How far a number can be trusted. */
export type Provenance = "measured" | "published" | "guessed";

/** One cost of the model, with where it comes from. */
export interface Cost {
  readonly value_ns: number;
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
  "wake_up_next",
  "wake_up_irq",
  "context_switch",
  "sched_slice",
  "queue_work",
  "find_vma",
  "follow_page",
  "gup_fast_page",
  "put_page",
  "copy_page",
  "anon_fault",
  "map_page",
  "fail_fault",
  "io_submit",
  "vm_exit",
  "kvm_map",
  "host_tick",
  "mmap_region",
  "do_munmap",
  "zap_page",
  "show_map_vma",
  "show_smap_vma",
  "smaps_pte",
] as const;
export type CostName = (typeof costNames)[number];
export type Costs = Readonly<Record<CostName, Cost>>;

/**
 * Where pages come from. `swap` and `file` sleep for the IO; `zram` decompresses inside the submission.
 * `depth`: IOs served at once, the others queue (`null`: no limit). `readahead_pages`: the largest window, 1 for none.
 */
export interface Device {
  readonly kind: "swap" | "file" | "zram";
  readonly latency: Law;
  readonly depth: number | null;
  readonly readahead_pages: number;
}

/**
 * One mapping. `resident`: share of its pages mapped at the start (0..1); the others are on `backing`, or untouched when
 * there is none. `keep`: above this resident share each page that comes in pushes another out, `null` for never.
 * `reclaim`: how long a page that was read and not yet mapped survives, `null` for ever. `random`: MADV_RANDOM.
 */
export interface Vma {
  readonly kind: "anon" | "file";
  readonly pages: number;
  readonly resident: number;
  readonly keep: number | null;
  readonly backing: string | null;
  readonly reclaim: Law | null;
  readonly random: boolean;
}

/** One address space. `other_vmas`: small resident mappings beside the listed ones (libraries, stacks, heaps). `arg_start`: the VMA that holds argv. */
export interface Mm {
  readonly vmas: Readonly<Record<string, Vma>>;
  readonly other_vmas: number;
  readonly arg_start: string | null;
}

/**
 * When a task starts its next operation. `every`: next intended start = max(last intended start + period, now), skipped
 * slots are counted. `think`: a closed loop, the pause is drawn after completion.
 */
export interface Schedule {
  readonly kind: "every" | "think";
  readonly law: Law;
}

interface TaskGroupBase {
  readonly count: number;
  readonly schedule: Schedule;
}

/**
 * vcpu threads that touch random pages of guest memory. `async_pf` is null when the guest has none; `possible`: share of
 * faults for which async delivery is possible (the others are synchronous); `user_mode`: share of those that hit guest user
 * mode, where the guest can switch to another process; the rest halts the vcpu. `guest_tasks`: guest processes a vcpu can
 * switch between. `write`: share of touches that write.
 */
export interface KvmVcpu extends TaskGroupBase {
  readonly role: "kvm_vcpu";
  readonly mm: string;
  readonly touch: string;
  readonly write: number;
  readonly guest_tasks: number;
  readonly async_pf: { readonly possible: number; readonly user_mode: number } | null;
}

/** Threads of the mm that touch random pages of `touch`. */
export interface UserThread extends TaskGroupBase {
  readonly role: "user_thread";
  readonly mm: string;
  readonly touch: string;
  readonly write: number;
}

/** Other processes that read a /proc file of `target`. */
export interface ProcReader extends TaskGroupBase {
  readonly role: "proc_reader";
  readonly file: "maps" | "smaps" | "cmdline";
  readonly target: string;
}

/** Threads of the mm that map `pages` pages and unmap them again. */
export interface MmWriter extends TaskGroupBase {
  readonly role: "mm_writer";
  readonly op: "mmap+munmap";
  readonly mm: string;
  readonly pages: number;
}

/** Other processes that read `pages` consecutive pages at a random place of `touch` in `target`. */
export interface ProcessVmReadv extends TaskGroupBase {
  readonly role: "process_vm_readv";
  readonly target: string;
  readonly touch: string;
  readonly pages: number;
}

export type TaskGroup = KvmVcpu | UserThread | ProcReader | MmWriter | ProcessVmReadv;

/** How a run ended. The last three stop a study: see {@link Scenario.expected}. */
export type EndingKind = "duration" | "work-done" | "deadlock" | "orphaned-lock" | "event-limit";

/** See the file comment. `expected` marks endings that are the point of the scenario, by preset name. */
export interface Scenario {
  readonly schema: "gupsim/scenario/v1";
  readonly name: string;
  readonly question: string;
  readonly kind: "steady" | "terminating";
  readonly duration_ns: number;
  /** CPUs that the tasks share; `unlimited` is one for each. */
  readonly cpus: number | "unlimited";
  readonly costs_name: string;
  readonly costs: Costs;
  readonly devices: Readonly<Record<string, Device>>;
  readonly mms: Readonly<Record<string, Mm>>;
  readonly tasks: Readonly<Record<string, TaskGroup>>;
  readonly variants: readonly string[];
  readonly expected: Readonly<Record<string, EndingKind>>;
}
