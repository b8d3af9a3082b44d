import type { SleepReason, TraceEvent } from "../trace.ts";
import type { Doing } from "./window.ts";

/**
 * What one task was doing, moment by moment, from its own events. It remembers only while somebody needs it to: between
 * {@link remember} and {@link forget}; before and after, only the present is known.
 */
export class Activity {
  // Two arrays that are used again, because most of what is remembered is forgotten at once.
  private readonly since: number[] = [0];
  private readonly what: Doing[] = ["cpu"];
  private length = 1;
  private remembers = false;
  /** What it does when it has a CPU again. */
  private resumed: Doing = "cpu";

  /** What the task is doing now. */
  get doing(): Doing {
    return this.what[this.length - 1] as Doing;
  }

  /** Remembers from `time` on. Does nothing when it does already. */
  remember(time: number): void {
    if (this.remembers) return;
    this.remembers = true;
    this.what[0] = this.doing;
    this.since[0] = time;
    this.length = 1;
  }

  /** From now on nobody asks. */
  forget(): void {
    this.remembers = false;
    this.what[0] = this.doing;
    this.length = 1;
  }

  /** Takes in an event of the task. */
  event(e: TraceEvent): void {
    switch (e.kind) {
      case "sleep":
        this.set(e.label as SleepReason, e.time);
        break;
      case "vma_wait_begin":
        this.set("vma_lock", e.time);
        break;
      case "mmap_lock_start_locking":
        this.set("mmap_sem", e.time);
        break;
      case "granted":
        this.set("wake-up", e.time);
        break;
      case "wake":
      case "vma_wait_end":
      case "mmap_lock_acquire_returned":
        this.set("cpu", e.time);
        break;
      case "sched_out":
        this.resumed = this.doing;
        this.set("run-queue", e.time);
        break;
      case "sched_in":
        this.scheduledIn(e);
        break;
    }
  }

  /** Visits what the task did from `from` to `to`, ns, in order and without gaps. What it does not remember is the oldest it knows. */
  forEach(from: number, to: number, visit: (from: number, to: number, doing: Doing) => void): void {
    for (let i = 0; i < this.length; i++) {
      const begin = i === 0 ? from : Math.max(from, this.since[i] as number);
      const end = i + 1 === this.length ? to : Math.min(to, this.since[i + 1] as number);
      if (end > begin) visit(begin, end, this.what[i] as Doing);
    }
  }

  /** A task that was sent off has its CPU back; one that was woken got one, and spent the last `value` ns in the run queue. */
  private scheduledIn(e: TraceEvent): void {
    const { doing } = this;
    if (doing === "run-queue") {
      this.set(this.resumed, e.time);
      return;
    }
    const queuedSince = Math.max(e.time - e.value, this.since[this.length - 1] as number);
    this.set("run-queue", queuedSince);
    this.set(doing === "mmap_sem" || doing === "wake-up" ? doing : "cpu", e.time);
  }

  private set(doing: Doing, time: number): void {
    const last = this.length - 1;
    if (this.what[last] === doing) return;
    if (!this.remembers) {
      this.what[0] = doing;
      this.since[0] = time;
    } else if (this.since[last] !== time) {
      this.what[this.length] = doing;
      this.since[this.length++] = time;
    } else if (last > 0 && this.what[last - 1] === doing) {
      // What lasted no time is not told.
      this.length--;
    } else {
      this.what[last] = doing;
    }
  }
}
