import { KeyedDraws } from "../engine/random.ts";
import { samplerOf } from "../engine/sampler.ts";
import type { Steps } from "../engine/task.ts";
import { patchSiteSteps } from "../callers/patch-site-steps.ts";
import { type CallerName, callers } from "../callers/callers.ts";
import { type ProcFile, procFiles } from "../callers/proc.ts";
import { type PatchSite, patchSites } from "../callers/patch-sites.ts";
import type { ServerProcess } from "../linux/fs/server.ts";
import { mfill_atomic_copy, type userfaultfd_ctx } from "../linux/fs/userfaultfd.ts";
import { PAGE_SIZE } from "../linux/include/linux/mm.ts";
import {
  type mm_struct,
  pte_migration,
  pte_present,
  isReadable,
  pte_writeback,
  type vm_area_struct,
} from "../linux/include/linux/mm_types.ts";
import type { task_struct } from "../linux/include/linux/sched.ts";
import { madvise_populate } from "../linux/mm/syscalls/madvise.ts";
import { mem_rw } from "../linux/fs/proc/base.ts";
import { takePageAway } from "../linux/mm/syscalls/migrate.ts";
import { process_vm_rw_single_vec } from "../linux/mm/syscalls/process_vm_access.ts";
import { vm_mmap_pgoff } from "../linux/mm/util.ts";
import type { PageSource } from "../machine/block-device.ts";
import type {
  GupCaller,
  MadvisePopulate,
  MmCall,
  MmWriter,
  PageWorker,
  ProcReader,
  RemoteReader,
  UserThread,
} from "../scenario.ts";
import { repeat } from "./pacer.ts";
import type { PageWalk } from "./pages.ts";
import { trace_work_begin, trace_work_end } from "../trace/events/work.ts";
import { trace_io_complete, trace_io_submit } from "../trace/events/io.ts";

/** A thread of the mm that touches pages, itself or through the kernel. */
export function userThread(
  current: task_struct,
  mm: mm_struct,
  vma: vm_area_struct,
  walk: PageWalk,
  group: UserThread,
): Steps {
  const { ops } = current.kernel;
  const writes = new KeyedDraws(current.seed, current.name, "write");
  return repeat(current, group.schedule, "touch", function* (k) {
    const pte = vma.pte[walk.index(k)];
    const write = writes.uniform(k, 0) < group.write;
    if (pte === pte_present || (!write && isReadable(pte))) return true;
    return (yield* ops.do_user_addr_fault(current, mm, walk.address(k), write, group.access === "user")) === 0;
  });
}

/** A thread of the mm that calls madvise(MADV_POPULATE_READ). */
export function populator(current: task_struct, mm: mm_struct, walk: PageWalk, group: MadvisePopulate): Steps {
  return repeat(current, group.schedule, group.role, function* (k) {
    return (yield* madvise_populate(current, mm, walk.address(k), group.pages)) === 0;
  });
}

/** Another process that reads a /proc file of `mm`, whole, each time. */
export function procReader(current: task_struct, mm: mm_struct, group: ProcReader): Steps {
  const { read } = procFiles[group.file] as ProcFile;
  return repeat(current, group.schedule, group.file, function* () {
    yield* read(current, mm, group.cycles);
    return true;
  });
}

/** A task that does the same to pages of `mm` again and again: a system call of its own or of another process, a kernel thread. */
export function mmCall(current: task_struct, mm: mm_struct, walk: PageWalk, group: MmCall): Steps {
  const { steps } = callers[group.call as CallerName];
  return repeat(current, group.schedule, group.call, function* (k) {
    return (yield* steps(current, mm, walk.address(k), group.pages)) >= 0;
  });
}

/** A thread of the mm that maps some pages, touches the first of them, and unmaps them again. */
export function mmWriter(current: task_struct, mm: mm_struct, group: MmWriter): Steps {
  const { ops, costs } = current.kernel;
  return repeat(current, group.schedule, group.op, function* () {
    current.charge(costs.user_step);
    const start = yield* vm_mmap_pgoff(current, mm, group.pages, group.merges);
    current.charge(costs.user_step);
    for (let i = 0; i < group.touch; i++) {
      yield* ops.do_user_addr_fault(current, mm, start + i * PAGE_SIZE, true, true);
    }
    return (yield* ops.vm_munmap(current, mm, start, group.pages)) === 0;
  });
}

/** Another process that reads consecutive pages of `mm`. */
export function remoteReader(current: task_struct, mm: mm_struct, walk: PageWalk, group: RemoteReader): Steps {
  const read = group.role === "proc_mem" ? mem_rw : process_vm_rw_single_vec;
  return repeat(current, group.schedule, group.role, function* (k) {
    return (yield* read(current, mm, walk.address(k), group.pages, false)) === 0;
  });
}

/** A task that gets pages as a call site of the patch does. */
export function gupCaller(current: task_struct, mm: mm_struct, walk: PageWalk, group: GupCaller): Steps {
  const record = patchSites.find(({ site }) => site === group.site) as PatchSite;
  return repeat(current, group.schedule, group.site, function* (k) {
    return (
      (yield* patchSiteSteps(
        current,
        mm,
        walk.address(k),
        group.pages,
        record,
        group.form,
        [],
        group.vmas ? [] : null,
      )) >= 0
    );
  });
}

/** The kernel takes pages away, one at a time: to migrate them or to write them back. */
export function pageWorker(current: task_struct, vma: vm_area_struct, walk: PageWalk, group: PageWorker): Steps {
  const times = new KeyedDraws(current.seed, current.name, "away");
  const law = samplerOf(group.away);
  const as = group.role === "writeback" ? pte_writeback : pte_migration;
  return repeat(current, group.schedule, group.role, function* (k) {
    return yield* takePageAway(current, vma, walk.index(k), as, law.sample(times.uniform(k, 0)));
  });
}

/** A thread that serves a userfaultfd: reads a message, gets the page from somewhere, which takes its time, and installs it. */
export function* userfaultServer(
  current: task_struct,
  mm: mm_struct,
  ctx: userfaultfd_ctx,
  source: PageSource,
  process: ServerProcess,
): Steps {
  const { trace, sim, costs } = current.kernel;
  for (;;) {
    current.site = "";
    const msg = yield* ctx.read(current);
    const { vma, index } = msg;
    if (current.settles()) yield;
    trace_work_begin(current, source.name, index, -1);
    current.charge(costs.server_read);
    if (current.settles()) yield;
    trace_io_submit(trace, sim.now, current.nr, "", source.name, index, 1);
    yield* process.prepare(current);
    if (current.settles()) yield;
    yield* process.serve(current, index, Math.round(source.serviceTime(index, vma.nextRead(index)) / msg.speedup));
    trace_io_complete(trace, sim.now, current.nr, "", source.name, index, 1);
    current.charge(costs.server_reply);
    yield* mfill_atomic_copy(current, mm, ctx, msg);
    if (current.settles()) yield;
    trace_work_end(current, source.name, index, -1);
    current.charge(costs.wake_up_waker);
  }
}
