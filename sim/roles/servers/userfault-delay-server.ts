import type { Steps } from "../../engine/task.ts";
import type { ServerProcess } from "../../linux/fs/server.ts";
import { mfill_atomic_copy, type uffd_msg, type userfaultfd_ctx } from "../../linux/fs/userfaultfd.ts";
import type { mm_struct } from "../../linux/include/linux/mm_types.ts";
import type { task_struct } from "../../linux/include/linux/sched.ts";
import type { PageSource } from "../../machine/block-device.ts";
import { trace_io_complete, trace_io_submit } from "../../trace/events/io.ts";
import { trace_work_begin, trace_work_end } from "../../trace/events/work.ts";

/** A message that was read, and when it is to be answered, ns. */
interface Due {
  readonly msg: uffd_msg;
  readonly at: number;
}

/**
 * The one thread that serves a userfaultfd with a delay queue: reads each message as it comes, and installs each page when its
 * time has passed. In between it polls with a timeout.
 */
export function* userfaultDelayServer(
  current: task_struct,
  mm: mm_struct,
  ctx: userfaultfd_ctx,
  source: PageSource,
  process: ServerProcess,
): Steps {
  const { sim, costs } = current.kernel;
  const due: Due[] = [];
  for (;;) {
    current.site = "";
    if (ctx.fault_pending.length > 0) {
      const msg = yield* ctx.read(current);
      const { vma, index } = msg;
      yield* working(current, source, index, costs.server_read, trace_io_submit);
      yield* process.prepare(current);
      if (current.settles()) yield;
      const ns = Math.round(source.serviceTime(index, vma.nextRead(index)) / msg.speedup);
      enqueue(due, { msg, at: sim.now + process.delay(index, ns) });
      continue;
    }
    const first = process.hung === null ? due[0] : undefined;
    if (first !== undefined && first.at <= sim.now) {
      due.shift();
      yield* working(current, source, first.msg.index, costs.server_reply, trace_io_complete);
      yield* mfill_atomic_copy(current, mm, ctx, first.msg);
      current.charge(costs.wake_up_waker);
      continue;
    }
    yield* ctx.poll(current, first?.at ?? null);
  }
}

function enqueue(due: Due[], one: Due): void {
  let place = due.length;
  while (place > 0 && (due[place - 1] as Due).at > one.at) place--;
  due.splice(place, 0, one);
}

/** CPU time for a page, with the trace told. */
function* working(
  current: task_struct,
  source: PageSource,
  index: number,
  ns: number,
  traced: typeof trace_io_submit | typeof trace_io_complete,
): Steps {
  const { trace, sim } = current.kernel;
  if (current.settles()) yield;
  trace_work_begin(current, source.name, index, -1);
  current.charge(ns);
  if (current.settles()) yield;
  traced(trace, sim.now, current.nr, "", source.name, index, 1);
  trace_work_end(current, source.name, index, -1);
}
