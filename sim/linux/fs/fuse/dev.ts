import type { Law } from "../../../engine/law.ts";
import { KeyedDraws } from "../../../engine/random.ts";
import { type Sampler, samplerOf } from "../../../engine/sampler.ts";
import type { Steps, Waitable } from "../../../engine/task.ts";
import type { IoRequest, PageSource } from "../../../machine/block-device.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { workqueue_struct } from "../../kernel/workqueue.ts";
import type { Kernel } from "../../kernel.ts";
import { vm_mmap_pgoff } from "../../mm/util.ts";
import { readSmaps } from "../proc/task_mmu.ts";

/**
 * A file system served by a process: requests wait in a queue until a thread of the server reads one, which takes CPU time, then
 * the time of the law, then CPU time again for the answer.
 *
 * Source: v3.17 fs/fuse/dev.c.
 * Left out: interrupted and forgotten requests; the server's own memory, unless {@link needs} says that it is shared.
 */
export class fuse_conn implements PageSource, Waitable {
  readonly name: string;
  readonly isFull = false;
  readonly servers = this;
  readonly what: string;
  readonly deadHolder = null;
  /** What the server does in an mm for each request before it answers; null when it touches nobody's. */
  needs: { readonly mm: mm_struct; readonly takes: "mmap" | "proc" } | null = null;
  /** Threads that have a request. */
  private readonly busy: task_struct[] = [];
  private readonly kernel: Kernel;
  private readonly sampler: Sampler;
  private readonly draws: KeyedDraws;
  /** A pool of threads is a pool of threads, in the kernel or in a process. */
  private readonly threads: workqueue_struct;

  /** @param threads of the server, `null` for as many as there are requests. */
  constructor(kernel: Kernel, name: string, latency: Law, threads: number | null) {
    this.kernel = kernel;
    this.name = name;
    this.what = `the server of ${name}`;
    this.sampler = samplerOf(latency);
    this.draws = new KeyedDraws(kernel.seed, name, "latency");
    const worker = { name: `${name.slice(0, 11)}-`, role: "fuse_server" };
    this.threads = new workqueue_struct(kernel, threads ?? Number.POSITIVE_INFINITY, worker);
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
    kernel.trace.emit("io_submit", kernel.sim.now, task, "", "R", site, this.name, request.page, request.pages);
    this.threads.schedule_work((current) => this.serve(current, request));
  }

  private *serve(current: task_struct, request: IoRequest): Steps {
    const { trace, sim, costs } = current.kernel;
    this.busy.push(current);
    current.obligations++;
    current.charge(costs.server_read);
    if (current.settles()) yield;
    if (this.needs !== null) yield* this.work(current, this.needs.mm, this.needs.takes);
    current.setTimer(this.serviceTime(request.page, request.nth));
    current.sleepFor("service");
    yield;
    current.wokeFrom("service");
    current.charge(costs.server_reply);
    if (current.settles()) yield;
    trace.emit("io_complete", sim.now, current.nr, "", "R", "", this.name, request.page, request.pages);
    request.complete();
    this.busy.splice(this.busy.indexOf(current), 1);
    current.obligations--;
    current.charge(costs.wake_up_waker);
  }

  /** The server maps a buffer, or looks at /proc, in an mm that others use too. */
  private *work(current: task_struct, mm: mm_struct, takes: "mmap" | "proc"): Steps {
    if (takes === "proc") {
      yield* readSmaps(current, mm, 1);
    } else {
      const start = yield* vm_mmap_pgoff(current, mm, 1, true);
      yield* current.kernel.text.vm_munmap(current, mm, start);
    }
    current.site = "";
  }
}
