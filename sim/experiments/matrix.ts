/** Who holds the lock over which IO: one call of each caller on one page of each kind, alone in the world. */
import { Simulation } from "../engine/simulation.ts";
import type { Steps } from "../engine/task.ts";
import {
  type Caller,
  type CallerName,
  callerNames,
  type CallerSteps,
  callers,
  type Release,
} from "../callers/callers.ts";
import { page, pte_present, pte_writeback, Stalls, type vm_area_struct } from "../linux/include/linux/mm_types.ts";
import { mm_struct } from "../linux/include/linux/mm_types.ts";
import { task_struct } from "../linux/include/linux/sched.ts";
import { Kernel, type StepCosts } from "../linux/kernel.ts";
import { takePageAway } from "../linux/mm/syscalls/migrate.ts";
import { vm_mmap_pgoff } from "../linux/mm/util.ts";
import { kernelOps, type Variant } from "../kernels/variant.ts";
import { UnlimitedCpus } from "../machine/cpus.ts";
import { mapKind, matrixIoNs, type PageKind, pageKinds } from "./matrix-pages.ts";
import { paired } from "../spans/paired.ts";
import { LitmusRecorder } from "../measure/litmus-recorder.ts";
import { type CostName, costNames } from "../costs.ts";
import type { Mode } from "../trace/kinds.ts";
import { Trace } from "../trace/trace.ts";

/** One row: a caller, in a situation. */
export interface MatrixRow {
  readonly says: string;
  readonly pages: number;
  readonly kinds: readonly PageKind[];
  readonly steps: CallerSteps;
  /** The release in which the call came; left out for what all kernels here have. */
  readonly since?: Release | undefined;
  /** The page is away once more when the call looks again. */
  readonly evictedOnce?: boolean;
  /** Reads of the pages fail. */
  readonly ioErrors?: boolean;
  readonly readahead?: boolean;
  /** Puts the mapping into the state that the row is about. */
  prepare?(vma: vm_area_struct): void;
  /** Another thread of the process, which begins at 0; the call begins 5 ms later. */
  before?(current: task_struct, vma: vm_area_struct): Steps;
}

const everywhere: readonly PageKind[] = pageKinds;

/** Callers that the model has for some kinds of pages only. */
const restricted: Partial<Record<CallerName, readonly PageKind[]>> = {
  madv_collapse: ["uffd", "anon swap"],
  khugepaged: ["uffd", "anon swap"],
};

function plainRow(name: CallerName): MatrixRow {
  const { says, pages, steps, since }: Caller = callers[name];
  return { says, pages, kinds: restricted[name] ?? everywhere, steps, since };
}

/** All pages of the mapping are resident; `dirty`: and written to, so that closing it writes them back. */
const resident =
  (dirty: boolean) =>
  (vma: vm_area_struct): void => {
    vma.pte.fill(pte_present);
    vma.rss = vma.nrPages;
    if (dirty) vma.dirty = vma.nrPages;
  };

function* faultBefore(current: task_struct, vma: vm_area_struct): Steps {
  yield* current.kernel.ops.do_user_addr_fault(current, vma.vm_mm, vma.vm_start, false, true);
}

function* writebackBefore(current: task_struct, vma: vm_area_struct): Steps {
  yield* takePageAway(current, vma, 0, pte_writeback, matrixIoNs);
}

function* mmapFixed(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  return yield* vm_mmap_pgoff(current, mm, pages, true, mm.mm_rb.at(start));
}

const file: readonly PageKind[] = ["file"];

/** Rows of callers in a situation of their own. */
const situations: Readonly<Record<string, MatrixRow>> = {
  vmread_tried: {
    says: "process_vm_readv, the page evicted again before the retry",
    pages: 1,
    kinds: ["anon swap", "file"],
    steps: callers.vmread.steps,
    evictedOnce: true,
  },
  mlock_tried: {
    says: "mlock, the page evicted again before the next pass",
    pages: 1,
    kinds: ["anon swap", "file"],
    steps: callers.mlock.steps,
    evictedOnce: true,
  },
  map_populate_tried: {
    says: "mmap(MAP_POPULATE), the page evicted again before the next pass",
    pages: 1,
    kinds: ["anon swap", "file"],
    steps: callers.map_populate.steps,
    evictedOnce: true,
  },
  madv_populate_read_tried: {
    says: "madvise(POPULATE_READ), the page evicted again before the retry",
    pages: 1,
    kinds: ["anon swap", "file"],
    steps: callers.madv_populate_read.steps,
    since: callers.madv_populate_read.since,
    evictedOnce: true,
  },
  mlock_io_error: {
    says: "mlock of a page whose reads fail",
    pages: 1,
    kinds: ["anon swap", "file"],
    steps: callers.mlock.steps,
    ioErrors: true,
  },
  move_pages_resident: {
    says: "move_pages(2) of 16 pages that are there",
    pages: 16,
    kinds: ["anon swap"],
    steps: callers.move_pages.steps,
    prepare: resident(false),
  },
  touch_write_throttled: {
    says: "user store to a page of a shared file, by one who has dirtied too much",
    pages: 1,
    kinds: file,
    steps: callers.touch_write.steps,
    prepare: (vma) => {
      vma.dirty_throttle = new Stalls(() => matrixIoNs);
      // Read before, and not mapped.
      const cached = new page(0);
      cached.locked = false;
      cached.uptodate = true;
      vma.cache.set(0, cached);
    },
  },
  munmap_dirty: {
    says: "munmap of dirty shared FUSE pages",
    pages: 1,
    kinds: file,
    steps: callers.munmap.steps,
    prepare: resident(true),
  },
  mmap_fixed_over_dirty: {
    says: "mmap(MAP_FIXED) over dirty shared FUSE pages",
    pages: 1,
    kinds: file,
    steps: mmapFixed,
    prepare: resident(true),
  },
  mremap_dirty: {
    says: "mremap(move) of dirty shared FUSE pages",
    pages: 1,
    kinds: file,
    steps: callers.mremap.steps,
    prepare: resident(true),
  },
  msync_dirty: {
    says: "msync(MS_SYNC) of dirty shared FUSE pages",
    pages: 1,
    kinds: file,
    steps: callers.msync.steps,
    prepare: resident(true),
  },
  touch_write_writeback: {
    says: "user store to a page under writeback (page_mkwrite)",
    pages: 1,
    kinds: file,
    steps: callers.touch_write.steps,
    prepare: resident(false),
    before: writebackBefore,
  },
  vmwrite_wb: {
    says: "process_vm_writev to a page under writeback (page_mkwrite)",
    pages: 1,
    kinds: file,
    steps: callers.vmwrite.steps,
    prepare: resident(false),
    before: writebackBefore,
  },
  fault_then_mprotect: {
    says: "mprotect of a mapping in which a fault waits for IO",
    pages: 1,
    kinds: everywhere,
    steps: callers.mprotect.steps,
    before: faultBefore,
  },
  fault_then_munmap: {
    says: "munmap of a mapping in which a fault waits",
    pages: 1,
    kinds: everywhere,
    steps: callers.munmap.steps,
    before: faultBefore,
  },
  kvm_run_apf0_readahead: {
    says: "KVM guest access, no async page fault, read-ahead",
    pages: 1,
    kinds: file,
    steps: callers.kvm_run_apf0.steps,
    readahead: true,
  },
  kvm_run_apf1_readahead: {
    says: "KVM guest access, async page fault possible, read-ahead",
    pages: 1,
    kinds: file,
    steps: callers.kvm_run_apf1.steps,
    readahead: true,
  },
};

/** The rows of the matrix, by name. */
export const matrixRows: Readonly<Record<string, MatrixRow>> = {
  ...Object.fromEntries(callerNames.map((name) => [name, plainRow(name)])),
  ...situations,
};

/** Calls that were measured on 6.18 and that the model has no row for, with the reason. */
export const notCovered: Readonly<Record<string, string>> = {
  procmap_query_buildid: "reads the file of a mapping, not its pages; takes no mmap_lock",
  process_madvise_willneed: "as madv_willneed",
  process_madvise_pageout: "40 to 60 ms are the work of writing 4096 pages out, which the model leaves out",
  munmap_part_dirty: "as munmap_dirty: mappings are not split",
  map_populate_priv: "as map_populate: files are shared here",
  "madvise(COLLAPSE) of files and memfds": "huge pages are anonymous here",
  "private file": "one kind of file stands for private and shared ones",
  "uprobe registration, mmap of a file with a uprobe": "uprobes are not modelled",
  "mprotect(+WRITE) of mlocked private file pages": "mprotect does not fault pages in here",
};

/** What one caller did on one kind of page. Times in ns. */
export interface MatrixCell {
  readonly longestHold_ns: number;
  /** How that one was held; null where there was none. */
  readonly mode: Mode | null;
  /** It slept for the page, or for the fault of another on it, with the lock held. */
  readonly heldOverIo: boolean;
  /** It answers with an error, at once: before it has waited for anything. */
  readonly failed: boolean;
  /** It has not returned after {@link moveLimit} moves, or nothing is left that could let it return. */
  readonly endless: boolean;
}

/** Moves after which a call is taken to go round for ever: the longest that returns needs some 400. */
const moveLimit = 10_000;

/** The work around an IO of 20 ms, ns: about what the steps cost on the machine of the measurement. */
const workNs: Partial<Record<CostName, number>> = {
  io_submit: 2_000,
  map_page: 1_300,
  follow_page: 170,
  find_vma: 100,
  copy_page: 200,
  mmap_region: 1_000,
  do_munmap: 1_000,
  unmap_region: 1_000,
  mprotect_fixup: 1_500,
  do_brk: 1_200,
  move_vma: 2_000,
  copy_pte: 76,
  exec_mmap: 2_000,
  scan_pte: 40,
  smaps_pte: 41,
  show_smap_vma: 2_500,
  show_rollup_vma: 130,
  show_numa_vma: 460,
  show_map_vma: 250,
  pagemap_pte: 36,
};

/** When the call begins if another thread came before, ns. */
const laterNs = 5_000_000;

/** One call of `row` on pages of `kind`, as `variant`. */
export function runCell(row: MatrixRow, kind: PageKind, variant: Variant): MatrixCell {
  const free = Object.fromEntries(costNames.map((name): [CostName, number] => [name, 0])) as Record<CostName, number>;
  const costs: StepCosts = { ...free, ...workNs };
  const recorder = new LitmusRecorder();
  const sim = new Simulation(Number.MAX_SAFE_INTEGER, moveLimit);
  const kernel = new Kernel(
    {
      sim,
      trace: new Trace(paired([recorder])),
      cpus: new UnlimitedCpus(costs, "matrix"),
      costs,
      ops: kernelOps(variant),
      seed: "matrix",
    },
    { ignoreBugs: false, checkInvariants: true },
  );
  const mm = new mm_struct(kernel, "matrix");
  const task = new task_struct(kernel, "caller", "caller", mm);
  const vma = mapKind(kernel, mm, kind, row.pages, {
    evictedOnce: row.evictedOnce === true,
    readahead: row.readahead === true,
  });
  mm.arg_start = vma;
  if (row.ioErrors === true) vma.readFails = () => true;
  row.prepare?.(vma);
  let result: number | null = null;
  kernel.start(task, call(), row.before === undefined ? 0 : laterNs);
  if (row.before !== undefined) {
    const other = new task_struct(kernel, "other", "other", mm);
    kernel.start(other, row.before(other, vma));
  }
  sim.run();
  recorder.close(sim.now);
  const holds = recorder.timeline.filter(({ what }) => what === "hold");
  const longestHold_ns = Math.max(0, ...holds.map(({ from, to }) => to - from));
  return {
    longestHold_ns,
    mode: holds.find(({ from, to }) => to - from === longestHold_ns)?.mode ?? null,
    heldOverIo: recorder.timeline.some(({ what, held }) => what === "io" && held),
    failed: result !== null && result < 0 && !recorder.timeline.some(({ what }) => what === "io"),
    endless: result === null,
  };

  function* call(): Steps {
    task.site = "matrix";
    result = yield* row.steps(task, mm, vma.vm_start, row.pages);
    if (task.settles()) yield;
  }
}
