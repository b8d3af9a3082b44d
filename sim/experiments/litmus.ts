import { Simulation } from "../engine/simulation.ts";
import type { Steps } from "../engine/task.ts";
import { FOLL_GET, FOLL_MLOCK, FOLL_TOUCH, PAGE_SIZE } from "../linux/include/linux/mm.ts";
import { ServerProcess } from "../linux/fs/server.ts";
import { userfaultfd_ctx } from "../linux/fs/userfaultfd.ts";
import {
  type Backing,
  mm_struct,
  pte_file,
  pte_none,
  pte_present,
  pte_sigbus,
  pte_swap,
  vm_area_struct,
} from "../linux/include/linux/mm_types.ts";
import { task_struct } from "../linux/include/linux/sched.ts";
import { patchSiteSteps } from "../callers/patch-site-steps.ts";
import type { PatchSite, SiteForm } from "../callers/patch-sites.ts";
import { down_read, up_read } from "../linux/kernel/locking/rwsem.ts";
import { Kernel, type StepCosts } from "../linux/kernel.ts";
import {
  __get_user_pages_unlocked,
  get_user_pages_locked,
  type LockedPointer,
  type PageVector,
} from "../linux/mm/gup.ts";
import { kernelOps, type Variant } from "../kernels/variant.ts";
import { BlockDevice, type PageSource } from "../machine/block-device.ts";
import { UnlimitedCpus } from "../machine/cpus.ts";
import { paired } from "../spans/paired.ts";
import { LitmusRecorder, type Segment } from "../measure/litmus-recorder.ts";
import { type CostName, costNames } from "../costs.ts";
import { userfaultServer } from "../roles/servers/userfault-server.ts";
import type { IoClass } from "../trace/kinds.ts";
import { Trace } from "../trace/trace.ts";

/** The letters of a page vector and what they mean. */
export const litmusPages = {
  P: "resident",
  I: "needs IO: anonymous, swapped out, no read-ahead",
  E: "faults with SIGBUS",
  R: "needs IO and is reclaimed once before the second look",
  Z: "on zram: read inside the fault, no drop",
  F: "needs IO: file, not in the page cache, no read-ahead",
  U: "missing, filled by a userfaultfd server",
  G: "stack guard page (up to v4.11; later an untouched stack page)",
  X: "needs IO, and is gone for good when the lock was dropped meanwhile",
} as const;
export type LitmusPage = keyof typeof litmusPages;

/** What the steps of a litmus run cost, ns. Everything else, the lock included, costs nothing. */
export interface LitmusCosts {
  /** Walk to a resident page. */
  readonly walk_ns: number;
  /** Submit an IO. */
  readonly submit_ns: number;
  /** The IO itself. */
  readonly io_ns: number;
  /** Map a page that is there. */
  readonly map_ns: number;
  /** A fault that fails. */
  readonly fail_ns: number;
}

/** The cost model of the golden table: 1, 10, 1000, 5 and 5 us. */
export const defaultLitmusCosts: LitmusCosts = {
  walk_ns: 1_000,
  submit_ns: 10_000,
  io_ns: 1_000_000,
  map_ns: 5_000,
  fail_ns: 5_000,
};

/** Time to decompress a page from zram, ns. */
const zramReadNs = 2_000;

/** What one call did. `result` and `errno` are null after a BUG; times in ns. */
export interface LitmusOutcome {
  readonly variant: string;
  readonly result: number | null;
  readonly errno: string | null;
  readonly bug: string | null;
  readonly acquisitions: number;
  readonly hold_segments_ns: readonly number[];
  readonly total_hold_ns: number;
  readonly max_hold_ns: number;
  /** Waiting for IO without the lock. */
  readonly unlocked_wait_ns: number;
  readonly lock_held_at_end: boolean;
  /** The pages whose references were taken, as positions in the vector, in the order in which they were. */
  readonly pages_got: readonly number[];
  /** References taken and not reported to the caller. */
  readonly leaked_references: number;
  /** With `isLocked`: the lock was dropped and the caller was not told. */
  readonly drop_unreported: boolean;
  /** What happened when, for a time line: holds, IO waits. */
  readonly timeline: readonly Segment[];
}

const errnoNames: Readonly<Record<number, string>> = { 14: "EFAULT" };

/** How the call is made: see {@link runLitmus}. */
export interface LitmusCall {
  /** No pages array is given: nobody wants references. */
  readonly prefault: boolean;
  /** The walk is one for mlock (FOLL_MLOCK). */
  readonly mlock: boolean;
  /** Kernel assertions are compiled out. */
  readonly ignoreBugs: boolean;
  /** get_user_pages_locked is called, between a down_read and an up_read that is left out when the lock was dropped. */
  readonly isLocked?: boolean;
  /** The call is the one of this site, in this form. */
  readonly site?: { readonly record: PatchSite; readonly form: SiteForm };
}

/**
 * One call of get_user_pages_unlocked over a vector of pages, alone in the world. For `gup=plain` that is take the lock,
 * get_user_pages, release.
 */
export function runLitmus(
  vector: readonly LitmusPage[],
  variant: Variant,
  costs: LitmusCosts,
  how: LitmusCall,
): LitmusOutcome {
  const sim = new Simulation(Number.MAX_SAFE_INTEGER);
  const recorder = new LitmusRecorder();
  const stepCosts = litmusStepCosts(costs);
  const kernel = new Kernel(
    {
      sim,
      trace: new Trace(paired([recorder])),
      cpus: new UnlimitedCpus(stepCosts, "litmus"),
      costs: stepCosts,
      ops: kernelOps(variant),
      seed: "litmus",
    },
    { ignoreBugs: how.ignoreBugs, checkInvariants: true },
  );
  const mm = new mm_struct(kernel, "litmus");
  const task = new task_struct(kernel, "litmus", "litmus", mm);
  const start = mapVector(kernel, mm, vector, costs);
  const pages: PageVector = [];
  let result: number | null = null;
  const locked: LockedPointer = { value: 1 };
  kernel.start(task, call());
  sim.run();

  const holds = recorder.close(sim.now);
  const bug = recorder.bug;
  return {
    variant: how.site === undefined ? variant.name : `${variant.name} ${how.site.form}`,
    result: bug === null ? result : null,
    errno: bug === null && result !== null && result < 0 ? (errnoNames[-result] ?? String(-result)) : null,
    bug,
    acquisitions: holds.length,
    hold_segments_ns: holds,
    total_hold_ns: holds.reduce((sum, hold) => sum + hold, 0),
    max_hold_ns: Math.max(0, ...holds),
    unlocked_wait_ns: recorder.unlockedWait,
    lock_held_at_end: task.held.length !== 0,
    pages_got: pages.map((address) => (address - start) / PAGE_SIZE),
    leaked_references: result === null ? 0 : Math.max(0, pages.length - Math.max(result, 0)),
    drop_unreported: how.isLocked === true && bug === null && locked.value === 1 && holds.length > 1,
    timeline: recorder.timeline,
  };

  function* call(): Steps {
    task.site = "litmus";
    const flags = FOLL_TOUCH | (how.prefault ? 0 : FOLL_GET) | (how.mlock ? FOLL_MLOCK : 0);
    const wanted = how.prefault ? null : pages;
    if (how.site !== undefined) {
      const { record, form } = how.site;
      result = yield* patchSiteSteps(task, mm, start, vector.length, record, form, pages);
      if (task.settles()) yield;
      return;
    }
    if (how.isLocked !== true) {
      result = yield* __get_user_pages_unlocked(task, mm, start, vector.length, flags, wanted);
      return;
    }
    yield* down_read(task, mm.mmap_sem, "litmus");
    result = yield* get_user_pages_locked(task, mm, start, vector.length, false, false, wanted, locked);
    if (locked.value === 1) yield* up_read(task, mm.mmap_sem, "litmus");
  }
}

function litmusStepCosts(costs: LitmusCosts): StepCosts {
  const free = Object.fromEntries(costNames.map((name): [CostName, number] => [name, 0])) as Record<CostName, number>;
  return {
    ...free,
    follow_page: costs.walk_ns,
    io_submit: costs.submit_ns,
    map_page: costs.map_ns,
    anon_fault: costs.map_ns,
    fail_fault: costs.fail_ns,
  };
}

/** What stands behind each kind of page. */
function backingOf(kernel: Kernel, costs: LitmusCosts): Partial<Record<LitmusPage, Backing>> {
  const backing = (name: string, ns: number, ioClass: IoClass): Backing => ({
    device: new BlockDevice(kernel.sim, kernel.trace, name, { kind: "constant", value_ns: ns }, null, kernel.seed),
    ioClass,
    synchronous: name === "zram",
    synchronousReadpage: false,
    maxReadahead: 1,
  });
  const disk = backing("disk", costs.io_ns, "swap");
  const file = backing("file", costs.io_ns, "file");
  const server = backing("server", costs.io_ns, "userfault");
  return { I: disk, R: disk, X: disk, Z: backing("zram", zramReadNs, "swap"), F: file, U: server };
}

const pteOf: Readonly<Record<LitmusPage, number>> = {
  P: pte_present,
  I: pte_swap,
  E: pte_sigbus,
  R: pte_swap,
  X: pte_swap,
  Z: pte_swap,
  F: pte_file,
  U: pte_none,
  G: pte_none,
};

/** One mapping a page, side by side, since each kind has its own backing. Returns the first address. */
function mapVector(kernel: Kernel, mm: mm_struct, vector: readonly LitmusPage[], costs: LitmusCosts): number {
  const backings = backingOf(kernel, costs);
  const ctx = new userfaultfd_ctx({ sigbus: false, userModeOnly: false });
  const start = mm.unmappedArea(vector.length);
  for (const [i, kind] of vector.entries()) {
    const vma: vm_area_struct = new vm_area_struct({
      mm,
      name: `page-${i}`,
      start: start + i * PAGE_SIZE,
      pages: 1,
      kind: kind === "F" ? "file" : "anon",
      random: kind === "F",
      backing: backings[kind] ?? null,
      keep: Number.POSITIVE_INFINITY,
      reclaimAfter: (_index, nth) => {
        if (kind === "X" && mm.mmap_sem.readers === 0) vma.pte[0] = pte_sigbus;
        return kind === "R" && nth === 0 ? 0 : Number.POSITIVE_INFINITY;
      },
    });
    vma.pte[0] = pteOf[kind];
    vma.VM_GROWSDOWN = kind === "G";
    if (kind === "U") vma.userfaultfd = ctx;
    mm.mm_rb.insert(vma);
  }
  if (vector.includes("U")) startServer(kernel, mm, ctx, (backings.U as Backing).device);
  return start;
}

/** One thread in another mm that fills the pages, each after the time of an IO. */
function startServer(kernel: Kernel, mm: mm_struct, ctx: userfaultfd_ctx, source: PageSource): void {
  const server = new task_struct(kernel, "server", "userfaultfd", null);
  kernel.start(server, userfaultServer(server, mm, ctx, source, new ServerProcess(kernel, "server")));
}
