import type { Steps } from "../../engine/task.ts";
import type { ServerProcess } from "../../linux/fs/server.ts";
import { mfill_atomic_copy, type userfaultfd_ctx } from "../../linux/fs/userfaultfd.ts";
import type { mm_struct } from "../../linux/include/linux/mm_types.ts";
import type { task_struct } from "../../linux/include/linux/sched.ts";
import type { PageSource } from "../../machine/block-device.ts";
import { trace_io_complete, trace_io_submit } from "../../trace/events/io.ts";
import { trace_work_begin, trace_work_end } from "../../trace/events/work.ts";

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
