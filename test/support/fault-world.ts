import { hearsSaved } from "./saved-events.ts";
import type { SavedEvent } from "../../sim/trace/event.ts";
import type { KernelOps } from "../../sim/linux/ops.ts";
import type { Hears, TaskInfo } from "../../sim/trace/trace.ts";
import type { Steps } from "../../sim/engine/task.ts";
import {
  type Backing,
  mm_struct,
  pte_file,
  pte_none,
  pte_swap,
  vm_area_struct,
  type VmaKind,
} from "../../sim/linux/include/linux/mm_types.ts";
import { fuse_conn } from "../../sim/linux/fs/fuse/dev.ts";
import { ServerProcess } from "../../sim/linux/fs/server.ts";
import { userfaultfd_ctx } from "../../sim/linux/fs/userfaultfd.ts";
import { task_struct } from "../../sim/linux/include/linux/sched.ts";
import type { Kernel } from "../../sim/linux/kernel.ts";
import { BlockDevice } from "../../sim/machine/block-device.ts";
import { userfaultServer } from "../../sim/roles/servers/userfault-server.ts";
import type { CostName } from "../../sim/costs.ts";
import { ioClassOf } from "../../sim/scenario.ts";
import { testKernel } from "./test-kernel.ts";

/** What a task did to the locks, and where it slept; times in us: `10 a +R`, `15 a -R`, `15 a sleeps swap`, `15 a +vma`. */
class Diary {
  readonly hears = hearsSaved((e, tasks) => this.event(e, tasks)).hears;
  readonly lines: string[] = [];

  private event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const what: Record<string, string> = {
      mmap_lock_acquire_returned: e.value === 0 ? `fails ${e.mode}` : e.aux === 1 ? "downgrades" : `+${e.mode}`,
      mmap_lock_released: `-${e.mode}`,
      sleep: `sleeps ${e.label}`,
      vma_start_read: e.value === 1 ? "+vma" : `falls back: ${e.label}`,
      vma_end_read: "-vma",
      vma_wait_begin: "waits for the VMA's readers",
      vma_wait_end: "has the VMA",
    };
    const text = what[e.kind];
    if (text === undefined || e.label === "idle-worker" || e.label === "service") return;
    this.lines.push(`${e.time / 1000} ${tasks[e.task]?.comm} ${text}`);
  }
}

/** One mapping of 64 pages, all away on a device of 1000 us, and what happens to it. */
export interface FaultWorld {
  readonly kernel: Kernel;
  readonly mm: mm_struct;
  readonly vma: vm_area_struct;
  /** Starts a task named `name` of the mm at `at` us. */
  spawn(name: string, at: number, steps: (current: task_struct) => Steps): task_struct;
  /** Runs to the end; the diary of the tasks named, or of all. */
  run(...names: string[]): string[];
}

/** Step costs of these tests, ns: a submission 10 us, mapping a page 5 us, a walk 1 us. */
const costs: Partial<Record<CostName, number>> = {
  io_submit: 10_000,
  map_page: 5_000,
  follow_page: 1_000,
  anon_fault: 5_000,
  cow_page: 7_000,
  thp_fault: 100_000,
  hugetlb_fault: 120_000,
  anon_vma_prepare: 1_000,
  do_munmap: 2_000,
  unmap_region: 3_000,
  zap_page: 1_000,
};

export function faultWorld(
  variant: string,
  options: {
    kind?: VmaKind;
    device?: "swap" | "file" | "fuse" | "zram" | "userfaultfd";
    readahead?: number;
    queue?: number;
    /** So often a page is reclaimed again before anybody maps it. */
    gone?: number;
    /** Time of an IO, us. */
    io?: number;
    more?: Partial<Record<CostName, number>>;
    /** Who hears the events beside the diary. */
    hears?: Hears;
    /** Functions of the kernel that a test puts in the place of its own. */
    broken?: (own: KernelOps) => Partial<KernelOps>;
  } = {},
): FaultWorld {
  const kind = options.kind ?? "anon";
  const diary = new Diary();
  const kernel = testKernel({
    variant,
    listeners: [diary, { hears: options.hears ?? {} }],
    costs: { ...costs, ...options.more },
    ...(options.broken === undefined ? {} : { broken: options.broken }),
  });
  const mm = new mm_struct(kernel, "mm");
  const device = options.device ?? (kind === "file" ? "file" : "swap");
  const law = { kind: "constant", value_ns: (options.io ?? 1000) * 1000 } as const;
  const backing: Backing = {
    device:
      device === "fuse"
        ? new fuse_conn(kernel, "fuse", law, null)
        : new BlockDevice(kernel.sim, kernel.trace, device, law, null, "1", options.queue ?? null),
    synchronous: device === "zram",
    synchronousReadpage: device === "fuse",
    ioClass: ioClassOf[device],
    maxReadahead: options.readahead ?? 1,
  };
  const vma = new vm_area_struct({
    mm,
    name: "ram",
    start: mm.unmappedArea(64),
    pages: 64,
    kind,
    random: (options.readahead ?? 1) === 1,
    backing,
    keep: Number.POSITIVE_INFINITY,
    reclaimAfter: (_index, nth) => (nth < (options.gone ?? 0) ? 0 : Number.POSITIVE_INFINITY),
  });
  vma.pte.fill(device === "userfaultfd" ? pte_none : kind === "file" ? pte_file : pte_swap);
  mm.mm_rb.insert(vma);
  const spawn = (name: string, at: number, steps: (current: task_struct) => Steps): task_struct => {
    const task = new task_struct(kernel, name, "test", mm);
    kernel.start(task, steps(task), at * 1000);
    return task;
  };
  if (device === "userfaultfd") {
    const ctx = new userfaultfd_ctx({ sigbus: false, userModeOnly: false });
    vma.userfaultfd = ctx;
    spawn("server", 0, (server) =>
      userfaultServer(server, mm, ctx, backing.device, new ServerProcess(kernel, "server")),
    );
  }
  const run = (...names: string[]): string[] => {
    kernel.sim.run();
    return diary.lines.filter((line) => names.length === 0 || names.includes(line.split(" ")[1] as string));
  };
  return { kernel, mm, vma, spawn, run };
}

/** A fault of user code (or of the kernel) on page `index`; says what came back. */
export function fault(
  { vma, mm }: FaultWorld,
  index: number,
  options: { write?: boolean; user?: boolean; result?: number[] } = {},
): (current: task_struct) => Steps {
  return function* (current) {
    const address = vma.vm_start + index * 4096;
    const { write = false, user = true, result } = options;
    const ret = yield* current.kernel.ops.do_user_addr_fault(current, mm, address, write, user);
    if (current.settles()) yield;
    result?.push(ret);
  };
}
