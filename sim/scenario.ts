/**
 * A scenario, resolved: plain data, whole nanoseconds, whole pages, laws with their bins. `scenarios/load.ts` makes it from
 * YAML; a run needs nothing else, so a result that holds it is self-contained.
 */
import type { Costs } from "./costs.ts";
import type { Law } from "./engine/law.ts";
import type { Measured } from "./measured.ts";
import type { TaskGroup } from "./roles/roles.ts";
import type { IoClass } from "./trace/kinds.ts";

/**
 * Where pages come from. `swap` and `file` are block devices; `fuse` is a file system in userspace; `zram` decompresses inside the
 * submission; `userfaultfd` is a server in userspace that fills anonymous pages, with a thread for each of `depth`.
 * `depth`: IOs served at once, the others queue (`null`: no limit). `queue`: IOs accepted at once, a submitter waits for a place
 * (`null`: no limit). `readahead_pages`: the largest window, 1 for none. `user_mode_only`: the userfaultfd serves no faults of the
 * kernel.
 */
export interface Device {
  readonly kind: "swap" | "file" | "fuse" | "zram" | "userfaultfd";
  readonly latency: Law;
  readonly depth: number | null;
  readonly queue: number | null;
  readonly readahead_pages: number;
  readonly user_mode_only: boolean;
  /** One thread of the server serves all requests: it reads each as it comes and answers each when its time has passed. */
  readonly delay_queue: boolean;
  /** The server takes the lock of this mm for each request, by mapping memory or by reading its smaps. */
  readonly server: { readonly mm: string; readonly takes: "mmap" | "proc" } | null;
  /** Requests that the server answers late. */
  readonly stalls: StallLaw | null;
  /** At this time (ns) the server hangs: takes requests and answers none; or exits: FUSE requests fail, a userfaultfd is closed. */
  readonly ends: { readonly after_ns: number; readonly how: "hangs" | "exits" } | null;
}

/** The IO class of what a device does. */
export const ioClassOf: Readonly<Record<Device["kind"], IoClass>> = {
  swap: "swap",
  zram: "swap",
  file: "file",
  fuse: "fuse",
  userfaultfd: "userfault",
};

/** Some operations stall: which share of them (0..1), and how long. */
export interface StallLaw {
  readonly share: number;
  readonly stall: Law;
}

/**
 * One mapping. `resident`: share of its pages mapped at the start (0..1); the others are on `backing`, or untouched when
 * there is none. `keep`: above this resident share each page that comes in pushes another out, `null` for never.
 * `reclaim`: how long a page that was read and not yet mapped survives, `null` for ever. `random`: MADV_RANDOM. `thp`: an
 * untouched page brings a huge one. `cow`: share of the resident pages that the first write copies. `poisoned`: share of all pages
 * whose memory is broken; `io_errors`: share whose reads fail. `direct_reclaim`: page allocations that free memory first;
 * `dirty_throttle`: writes by one who has dirtied too much.
 */
export interface Vma {
  readonly kind: "anon" | "file" | "shmem" | "hugetlb";
  readonly pages: number;
  readonly resident: number;
  readonly keep: number | null;
  readonly backing: string | null;
  readonly reclaim: Law | null;
  readonly random: boolean;
  readonly thp: boolean;
  readonly cow: number;
  readonly poisoned: number;
  readonly io_errors: number;
  readonly direct_reclaim: StallLaw | null;
  readonly dirty_throttle: StallLaw | null;
}

/**
 * One address space. `other_vmas`: small resident mappings beside the listed ones (libraries, stacks, heaps), of `other_vma_pages`
 * pages each, 16 when absent. `arg_start`: the VMA that holds argv.
 */
export interface Mm {
  readonly vmas: Readonly<Record<string, Vma>>;
  readonly other_vmas: number;
  readonly other_vma_pages?: number;
  readonly arg_start: string | null;
}

/**
 * When a task starts its next operation. `every`: next intended start = max(last intended start + period, now), skipped
 * slots are counted. `think`: a closed loop, the pause is drawn after completion.
 */
export interface Schedule {
  readonly kind: "every" | "think" | "compute";
  readonly law: Law;
  /** A sleep ends so much later than it was asked to, ns; 0 for a real-time task. Absent: 0. */
  readonly slack_ns?: number;
  /** When the first operation starts, ns; absent: at a moment of the task's own within the first period. */
  readonly start_ns?: number;
  /** The task does one operation, and ends. */
  readonly once?: boolean;
  /** A load that goes up and down while the scenario runs; without it the load is 1 throughout. */
  readonly load?: LoadSteps;
}

/** For `each_ns` each, pauses are divided by a step in turn. The last step stays until the end. */
export interface LoadSteps {
  readonly steps: readonly number[];
  readonly each_ns: number;
}

/** What every group of tasks has; the rest is its role's. */
export interface TaskGroupBase {
  /** Its name in `sim/roles/roles.ts`. */
  readonly role: string;
  readonly count: number;
  readonly schedule: Schedule;
}

/**
 * Which page comes next: any; the next of the task's own part of the mapping, from its beginning to its end and again; or the next
 * that no task of the group has had (`shared`: readers of one file with one position).
 */
export type Order = "random" | "sequential" | "shared";

/** How a run ended. The last three stop a study: see {@link Scenario.expected}. */
export type EndingKind = "duration" | "work-done" | "deadlock" | "orphaned-lock" | "leaked-lock" | "event-limit";

/** The load of a scenario and the task groups under it; null when it has none. */
export function loadOf({ tasks }: Scenario): (LoadSteps & { readonly tasks: readonly string[] }) | null {
  const under = Object.entries(tasks).filter(([, group]) => group.schedule.load !== undefined);
  const load = under[0]?.[1].schedule.load;
  return load === undefined ? null : { ...load, tasks: under.map(([name]) => name) };
}

/** What is known of a recording of a real kernel, where a result is of one and not of a simulation. Plain data. */
export interface RecordingFacts {
  /** The files, as they were given. */
  readonly files: readonly string[];
  readonly lines: number;
  /** Lines of lock events that were used. */
  readonly used: number;
  /** Events that are not about mmap_locks. */
  readonly other_events: number;
  /** Lines of lock events that could not be read. */
  readonly unreadable: number;
  /** Lines so far out of order that they were left out. */
  readonly too_late: number;
  /** How often the tracer says that it lost events, and how many as far as it knows. */
  readonly losses: number;
  readonly lost_events: number;
  /** Events with a call stack: they have a site. */
  readonly stacks: number;
  /** Does it have lock:contention_begin, which says who slept? */
  readonly knows_who_slept: boolean;
  /** Acquisitions and releases whose other half lies before the recording, or was lost. */
  readonly began_before: number;
  /** Holds that were ended by the next owner, whose release is printed later or not at all. */
  readonly overlaps: number;
  /** Stretches of equal length into which it was cut; they stand where seeds do. */
  readonly stretches: number;
}

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
  /** Sites that call the new functions; the others keep plain get_user_pages. Null: all are converted. */
  readonly converted: readonly string[] | null;
  /** By site: how many times faster (at least 1) the IO goes that it waits for, from the moment it waits. Draws are the same. */
  readonly io_speedup: Readonly<Record<string, number>>;
  readonly expected: Readonly<Record<string, EndingKind>>;
  /** What the results rest on, a sentence each, for the head of the reports. */
  readonly assumptions: readonly string[];
  readonly measured: Measured | null;
  /** What is expected to come out, a sentence or two; a test holds the numbers against it. */
  readonly outcome: string | null;
  /** The grid and the columns (`METRIC:STAT`) that show it, for a sweep. */
  readonly sweep: { readonly grid: readonly string[]; readonly metrics: readonly string[] } | null;
  /** A failed kernel assertion ends its task (`stop`), or is compiled out. */
  readonly bugs: "stop" | "ignore";
  /** Only where nothing was simulated. */
  readonly recording?: RecordingFacts;
}
