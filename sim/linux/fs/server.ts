/** A process that serves pages, from FUSE or from a userfaultfd: what it does beside the time that the service takes. */
import type { Steps } from "../../engine/task.ts";
import type { mm_struct, Stalls } from "../include/linux/mm_types.ts";
import { task_struct } from "../include/linux/sched.ts";
import type { Kernel } from "../kernel.ts";
import { vm_mmap_pgoff } from "../mm/util.ts";
import { readSmaps } from "./proc/task_mmu.ts";
import { trace_server_end } from "../../trace/events/io.ts";

/**
 * How a server behaves. As long as nothing is set it is quick, alone in its own mm, and lives for ever.
 *
 * Source: none, servers are programs.
 */
export class ServerProcess {
  /** What it does in an mm for each request before it answers; null when it touches nobody's. */
  needs: { readonly mm: mm_struct; readonly takes: "mmap" | "proc" } | null = null;
  /** Requests that it answers late. */
  stalls: Stalls | null = null;
  /** Set once it does not answer any more: the process, for those who wait for it. */
  hung: task_struct | null = null;
  private readonly kernel: Kernel;
  private readonly name: string;

  /** @param name of its device. */
  constructor(kernel: Kernel, name: string) {
    this.kernel = kernel;
    this.name = name;
  }

  /** From now on it takes requests and answers none. */
  hang(): void {
    this.hung = new task_struct(this.kernel, this.name, "server", null);
    this.tell("hangs");
  }

  /** It has exited. */
  exit(): void {
    this.tell("exits");
  }

  /** Before the service of a request: it maps a buffer, or looks at /proc, in an mm that others use too. */
  *prepare(current: task_struct): Steps {
    if (this.needs === null) return;
    const { mm, takes } = this.needs;
    if (takes === "proc") {
      yield* readSmaps(current, mm, 1);
    } else {
      const start = yield* vm_mmap_pgoff(current, mm, 1, true);
      yield* current.kernel.ops.vm_munmap(current, mm, start, 1);
    }
    current.site = "";
  }

  /** How long the answer to the request for page `index` takes, whose service is of `ns`: a stall comes on top. */
  delay(index: number, ns: number): number {
    return ns + (this.stalls?.next(index) ?? 0);
  }

  /** The service of the request for page `index`, of `ns` and a stall. Never ends once the server hangs. */
  *serve(current: task_struct, index: number, ns: number): Steps {
    current.setTimer(this.delay(index, ns));
    do {
      current.sleepFor("service");
      yield;
    } while (this.hung !== null);
    current.wokeFrom("service");
  }

  private tell(how: "hangs" | "exits"): void {
    const { trace, sim } = this.kernel;
    trace_server_end(trace, sim.now, `${this.name} ${how}`);
  }
}
