import type { Law } from "../../../engine/law.ts";
import { KeyedDraws } from "../../../engine/random.ts";
import { type Sampler, samplerOf } from "../../../engine/sampler.ts";
import type { Steps, Waitable } from "../../../engine/task.ts";
import type { IoRequest, PageSource } from "../../../machine/block-device.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { workqueue_struct } from "../../kernel/workqueue.ts";
import type { Kernel } from "../../kernel.ts";
import { ServerProcess } from "../server.ts";
import { trace_io_complete, trace_io_submit } from "../../../trace/events/io.ts";
import { trace_work_begin, trace_work_end } from "../../../trace/events/work.ts";
import { DelayQueue } from "./delay-queue.ts";

/**
 * A file system served by a process: requests wait in a queue until a thread of the server reads one, which takes CPU time, then
 * the time of the law, then CPU time again for the answer.
 *
 * Source: v3.17 fs/fuse/dev.c.
 * Left out: interrupted and forgotten requests; the server's own memory, unless {@link ServerProcess.needs} says that it is shared.
 */
export class fuse_conn implements PageSource, Waitable {
  readonly name: string;
  readonly isFull = false;
  readonly servers = this;
  readonly what: string;
  readonly server: ServerProcess;
  private connected = true;
  /** Requests without an answer. */
  private readonly pending: IoRequest[] = [];
  /** Threads that have a request. */
  private readonly busy: task_struct[] = [];
  private readonly kernel: Kernel;
  private readonly sampler: Sampler;
  private readonly draws: KeyedDraws;
  /** A pool of threads is a pool of threads, in the kernel or in a process. */
  private readonly threads: workqueue_struct;
  /** The one thread that serves all requests, where there are no others. */
  private readonly queue: DelayQueue | null;

  /** @param threads of the server, `null` for as many as there are requests, `delay-queue` for one that serves all at once. */
  constructor(kernel: Kernel, name: string, latency: Law, threads: number | null | "delay-queue") {
    this.kernel = kernel;
    this.name = name;
    this.what = `the server of ${name}`;
    this.server = new ServerProcess(kernel, name);
    this.sampler = samplerOf(latency);
    this.draws = new KeyedDraws(kernel.seed, name, "latency");
    const worker = { name: `${name.slice(0, 11)}-`, role: "fuse_server" };
    const most = threads === "delay-queue" ? 0 : (threads ?? Number.POSITIVE_INFINITY);
    this.threads = new workqueue_struct(kernel, most, worker);
    this.queue = threads === "delay-queue" ? new DelayQueue(kernel, this, this.server) : null;
  }

  get deadHolder(): task_struct | null {
    return this.server.hung;
  }

  /** The server stops to answer: who waits for it with a lock will hold that for ever. */
  hang(): void {
    const { kernel } = this;
    this.server.hang();
    const stuck = kernel.tasks.filter((task) => task.waitsFor === this && task.held.length > 0);
    for (const task of stuck) kernel.heldForEver(task, this.what);
  }

  /**
   * The server exits: the connection is aborted, all requests fail, now and later.
   *
   * Source: v3.17 fs/fuse/dev.c.
   */
  fuse_abort_conn(): void {
    this.server.exit();
    this.connected = false;
    for (const request of this.pending.splice(0)) request.complete(true);
  }

  /** Whoever has a request may have the one that is waited for. */
  blockers(): readonly task_struct[] {
    return this.busy;
  }

  edge(): string {
    return "served by";
  }

  serviceTime(page: number, nth: number): number {
    return this.sampler.sample(this.draws.uniform(page, nth));
  }

  /** Never called: requests wait in the queue of the connection. */
  whenNotFull(action: () => void): void {
    action();
  }

  submit(request: IoRequest, task: number, site: string): void {
    const { kernel } = this;
    trace_io_submit(kernel.trace, kernel.sim.now, task, site, this.name, request.page, request.pages);
    if (!this.connected) {
      request.complete(true);
      return;
    }
    this.pending.push(request);
    if (this.queue !== null) {
      this.queue.push(request);
      return;
    }
    const substream = this.draws.key(request.page, request.nth);
    this.threads.schedule_work((current) => this.serve(current, request), substream);
  }

  /** Time until the answer to a request that was read just now, ns. */
  delayOf(request: IoRequest): number {
    return Math.round(this.serviceTime(request.page, request.nth) / request.speedup);
  }

  /** Answers a request, unless it has failed meanwhile. */
  answer(current: task_struct, request: IoRequest): void {
    const { trace, sim } = current.kernel;
    if (!this.pending.includes(request)) return;
    this.pending.splice(this.pending.indexOf(request), 1);
    trace_io_complete(trace, sim.now, current.nr, "", this.name, request.page, request.pages);
    request.complete(false);
  }

  /** No more than a mark: a thread of the server that has the request already goes on as it does. */
  hasten(request: IoRequest, factor: number): void {
    if (request.speedup === 1) request.speedup = factor;
  }

  private *serve(current: task_struct, request: IoRequest): Steps {
    const { costs } = current.kernel;
    this.busy.push(current);
    current.obligations++;
    if (current.settles()) yield;
    trace_work_begin(current, this.name, request.page, -1);
    current.charge(costs.server_read);
    if (current.settles()) yield;
    yield* this.server.prepare(current);
    if (current.settles()) yield;
    yield* this.server.serve(current, request.page, this.delayOf(request));
    current.charge(costs.server_reply);
    if (current.settles()) yield;
    this.busy.splice(this.busy.indexOf(current), 1);
    current.obligations--;
    trace_work_end(current, this.name, request.page, -1);
    this.answer(current, request);
    current.charge(costs.wake_up_waker);
  }
}
