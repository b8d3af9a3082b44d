/** Who holds the lock over which IO: one call of each caller on one page of each kind, alone in the world. */
import { Simulation } from "./engine/simulation.ts";
import type { Steps } from "./engine/task.ts";
import { get_user_pages_fast } from "./linux/arch/x86/mm/gup.ts";
import { fuse_conn } from "./linux/fs/fuse/dev.ts";
import { mem_rw } from "./linux/fs/proc/base.ts";
import { userfaultfd_ctx } from "./linux/fs/userfaultfd.ts";
import { EFAULT } from "./linux/include/linux/mm.ts";
import {
  type Backing,
  mm_struct,
  pte_file,
  pte_none,
  pte_swap,
  vm_area_struct,
} from "./linux/include/linux/mm_types.ts";
import { task_struct } from "./linux/include/linux/sched.ts";
import { Kernel, type StepCosts } from "./linux/kernel.ts";
import { down_read, up_read } from "./linux/kernel/locking/rwsem.ts";
import { get_user_pages } from "./linux/mm/gup.ts";
import { fixup_user_fault, get_dump_page } from "./linux/mm/gup-wrappers.ts";
import { madvise_populate } from "./linux/mm/madvise.ts";
import { process_vm_rw_single_vec } from "./linux/mm/process_vm_access.ts";
import { kernelText, type Variant } from "./linux/variant.ts";
import { BlockDevice } from "./machine/block-device.ts";
import { UnlimitedCpus } from "./machine/cpus.ts";
import { LitmusRecorder } from "./measure/litmus-recorder.ts";
import { userfaultServer } from "./roles/roles.ts";
import { type CostName, costNames } from "./scenario.ts";
import { Trace } from "./trace.ts";

/** Kinds of missing pages: behind a userfaultfd, swapped out, of a FUSE file without read-ahead, of a swapped memfd. */
export const pageKinds = ["uffd", "anon swap", "file", "shmem swap"] as const;
export type PageKind = (typeof pageKinds)[number];

/** One caller: what it does to get `pages` pages from `start`. Negative for an errno. */
interface Caller {
  readonly pages: number;
  steps(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number>;
}

const fault = (write: boolean, user: boolean): Caller => ({
  pages: 1,
  steps: (current, mm, start) => current.kernel.text.do_user_addr_fault(current, mm, start, write, user),
});

const underLock = (steps: Caller["steps"]): Caller["steps"] =>
  function* (current, mm, start, pages) {
    yield* down_read(current, mm.mmap_sem, "matrix");
    const got = yield* steps(current, mm, start, pages);
    yield* up_read(current, mm.mmap_sem, "matrix");
    return got;
  };

/** The callers, by what people call them. */
export const callers: Readonly<Record<string, Caller>> = {
  "user-mode load": fault(false, true),
  "user-mode store": fault(true, true),
  "read(2) into the page": fault(true, false),
  "write(2) from the page": fault(false, false),
  process_vm_readv: { pages: 1, steps: (t, mm, at, n) => process_vm_rw_single_vec(t, mm, at, n, false) },
  "process_vm_readv, 16 pages": { pages: 16, steps: (t, mm, at, n) => process_vm_rw_single_vec(t, mm, at, n, false) },
  process_vm_writev: { pages: 1, steps: (t, mm, at, n) => process_vm_rw_single_vec(t, mm, at, n, true) },
  "pread /proc/PID/mem": { pages: 1, steps: mem_rw },
  "pread /proc/PID/mem, 4 pages": { pages: 4, steps: mem_rw },
  "madvise(POPULATE_READ), 4 pages": { pages: 4, steps: madvise_populate },
  "get_user_pages_fast (O_DIRECT, vmsplice, io_uring, shared futex, get_mempolicy)": {
    pages: 1,
    steps: (t, mm, at, n) => get_user_pages_fast(t, mm, at, n, true, []),
  },
  "pin_user_pages (AF_XDP umem)": {
    pages: 1,
    steps: underLock((t, mm, at, n) => get_user_pages(t, mm, at, n, true, false, [])),
  },
  "fixup_user_fault (private futex)": {
    pages: 1,
    steps: underLock((t, mm, at) => fixup_user_fault(t, mm, at, true, null)),
  },
  "core dump": {
    pages: 1,
    steps: underLock(function* (t, mm, at) {
      return (yield* get_dump_page(t, mm, at)) ? 0 : -EFAULT;
    }),
  },
  "KVM guest access, synchronous": {
    pages: 1,
    *steps(t, mm, at) {
      const { hva_to_pfn } = t.kernel.text;
      let pfn = yield* hva_to_pfn(t, mm, at, true, true);
      if (pfn === "async") pfn = yield* hva_to_pfn(t, mm, at, false, true);
      return pfn === "pfn" ? 0 : -EFAULT;
    },
  },
};

/** What one caller did on one kind of page. Times in ns. */
export interface MatrixCell {
  readonly longestHold_ns: number;
  /** It slept for the page with the lock held. */
  readonly heldOverIo: boolean;
  readonly failed: boolean;
}

/** The time of an IO, and of the work around it, ns: 20 ms against microseconds. */
const ioNs = 20_000_000;
const workNs: Partial<Record<CostName, number>> = {
  io_submit: 2_000,
  map_page: 1_300,
  follow_page: 170,
  find_vma: 100,
};

/** One call of `caller` on pages of `kind`, as `variant`. */
export function runCell(caller: Caller, kind: PageKind, variant: Variant): MatrixCell {
  const free = Object.fromEntries(costNames.map((name): [CostName, number] => [name, 0])) as Record<CostName, number>;
  const costs: StepCosts = { ...free, ...workNs };
  const recorder = new LitmusRecorder();
  const sim = new Simulation(Number.MAX_SAFE_INTEGER);
  const kernel = new Kernel(
    {
      sim,
      trace: new Trace([recorder]),
      cpus: new UnlimitedCpus(costs, "matrix"),
      costs,
      text: kernelText(variant),
      seed: "matrix",
    },
    { ignoreBugs: false, checkInvariants: true },
  );
  const mm = new mm_struct(kernel, "matrix");
  const task = new task_struct(kernel, "caller", "caller", mm);
  const vma = mapKind(kernel, mm, kind, caller.pages);
  let result = 0;
  kernel.start(task, call());
  sim.run();
  const holds = recorder.close(sim.now);
  return {
    longestHold_ns: Math.max(0, ...holds),
    heldOverIo: recorder.timeline.some(({ what, held }) => what === "io" && held),
    failed: result < 0,
  };

  function* call(): Steps {
    task.site = "matrix";
    result = yield* caller.steps(task, mm, vma.vm_start, caller.pages);
    if (task.settles()) yield;
  }
}

function mapKind(kernel: Kernel, mm: mm_struct, kind: PageKind, pages: number): vm_area_struct {
  const law = { kind: "constant", value_ns: ioNs } as const;
  const ioClass = kind === "uffd" ? "userfault" : kind === "file" ? "fuse" : "swap";
  const backing: Backing = {
    device:
      kind === "file"
        ? new fuse_conn(kernel, "fuse", law, null)
        : new BlockDevice(kernel.sim, kernel.trace, kind, law, null, "matrix"),
    synchronous: false,
    synchronousReadpage: kind === "file",
    ioClass,
    maxReadahead: 1,
  };
  const vma = new vm_area_struct({
    mm,
    name: kind,
    start: mm.unmappedArea(pages),
    pages,
    kind: kind === "file" ? "file" : kind === "shmem swap" ? "shmem" : "anon",
    random: kind === "file",
    backing,
    keep: Number.POSITIVE_INFINITY,
    reclaimAfter: () => Number.POSITIVE_INFINITY,
  });
  vma.pte.fill(kind === "uffd" ? pte_none : kind === "file" ? pte_file : pte_swap);
  mm.mm_rb.setElement(vma.vm_start, vma);
  if (kind === "uffd") {
    const ctx = new userfaultfd_ctx({ sigbus: false, userModeOnly: false });
    vma.userfaultfd = ctx;
    const server = new task_struct(kernel, "server", "userfaultfd", null);
    kernel.start(server, userfaultServer(server, mm, ctx, backing.device));
  }
  return vma;
}
