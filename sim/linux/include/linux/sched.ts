import { Alarm } from "../../../engine/simulation.ts";
import { type Steps, Task, type Waitable } from "../../../engine/task.ts";
import type { SleepReason } from "../../../trace/kinds.ts";
import type { Trace } from "../../../trace/trace.ts";
import { KernelBug } from "../asm-generic/bug.ts";
import type { rw_semaphore } from "./rwsem.ts";
import type { Kernel } from "../../kernel.ts";
import type { Site } from "../../sites.ts";
import type { mm_struct } from "./mm_types.ts";
import { trace_sched_in, trace_sched_out, trace_sleep, trace_wake } from "../../../trace/events/sched.ts";

/**
 * A kernel thread or a thread of a process. `mm` is its own address space, null for kernel threads and for readers of
 * other processes, whose own space nobody contends for.
 *
 * Source: v3.17 include/linux/sched.h.
 * Left out: scheduling state, credentials, signals other than SIGKILL.
 */
export class task_struct extends Task {
  readonly kernel: Kernel;
  readonly trace: Trace;
  readonly mm: mm_struct | null;
  /** The seed of what it draws itself. */
  readonly seed: string;
  /** The index of the task in the trace. */
  readonly nr: number;
  /** The kernel function on whose behalf the task works at the moment; empty outside of any, an experiment's own name in its call. */
  site: Site | "litmus" | "matrix" | "" = "";
  /** A SIGKILL is pending. */
  sigkill = false;
  /** The locks it owns, granted ones included, in the order it got them. */
  readonly held: rw_semaphore[] = [];
  /** When it got the oldest of them, ns, and on whose behalf; of no meaning while it has none. */
  ownsSince = 0;
  ownsFor = "";
  /** A timed sleep of its own may end so much later, and does, ns. Real-time tasks have none. */
  timerSlack = 50_000;
  private killable = false;
  private timer: Alarm | null = null;

  /** @param comm name as the kernel shows it, cut to 15 characters. */
  constructor(kernel: Kernel, comm: string, role: string, mm: mm_struct | null, seed = kernel.seed) {
    super(kernel.sim, comm.slice(0, 15), kernel.onFinding);
    this.kernel = kernel;
    this.trace = kernel.trace;
    this.mm = mm;
    this.seed = seed;
    this.processor = kernel.cpus.processor;
    const onCpu = (): number => this.cpu;
    const info = {
      comm: this.name,
      role,
      get cpu() {
        return onCpu();
      },
    };
    this.nr = this.trace.tasks.push(info) - 1;
  }

  /**
   * Parks for `reason`, with the trace told; the caller must `yield` next, then call {@link wokeFrom}. Settled before.
   *
   * @param on the server that must act first, `null` when the world outside does.
   */
  sleepFor(reason: SleepReason, killable = false, on: Waitable | null = null): void {
    trace_sleep(this, reason);
    this.killable = killable;
    this.park(on);
  }

  /** Parks until another task lets it go on, or, when `killable`, until SIGKILL; the caller must `yield` next. */
  parkOn(on: Waitable, killable: boolean): void {
    this.killable = killable;
    this.park(on);
  }

  /** A timer interrupt will wake the task after `ns`. */
  setTimer(ns: number): void {
    this.timer ??= new Alarm(this.sim, () => this.kernel.cpus.wakeByInterrupt(this));
    this.timer.set(this.sim.now + ns);
  }

  /** The timer will not wake the task any more. */
  clearTimer(): void {
    if (this.timer !== null) this.sim.cancel(this.timer);
  }

  /** Tells the trace that the task runs again. */
  wokeFrom(reason: SleepReason): void {
    this.killable = false;
    trace_wake(this, reason);
  }

  override scheduled(change: "out" | "in", ns: number): void {
    if (change === "out") trace_sched_out(this);
    else trace_sched_in(this, ns);
  }

  /** A kernel assertion that failed ends the task, after the work that it had done. */
  protected override *dies(thrown: unknown): Steps {
    if (!(thrown instanceof KernelBug)) throw thrown;
    if (this.settles()) yield;
    this.kernel.buried(this, thrown);
  }

  /** Sends SIGKILL: a killable sleep ends. */
  kill(): void {
    this.sigkill = true;
    if (this.killable && !this.onCpu) this.kernel.cpus.wake(this, 0);
  }
}

/** Source: v3.17 include/linux/sched.h. */
export function fatal_signal_pending(p: task_struct): boolean {
  return p.sigkill;
}
