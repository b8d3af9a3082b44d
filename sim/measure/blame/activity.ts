import type { SleepReason } from "../../trace/kinds.ts";
import type { SavedEvent } from "../../trace/event.ts";
import type { Doing } from "../window/window.ts";

/**
 * What one task was doing, moment by moment, from its own events. It remembers only while somebody needs it to: between
 * {@link remember} and {@link forget}; before and after, only the present is known.
 */
export class Activity {
  // Arrays that are used again, because most of what is remembered is forgotten at once.
  private readonly since: number[] = [0];
  private readonly what: Doing[] = ["cpu"];
  private readonly sites: string[] = [""];
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
    this.keepLast();
    this.since[0] = time;
  }

  /** From now on nobody asks. */
  forget(): void {
    this.remembers = false;
    this.keepLast();
  }

  /** Nobody asks for what was before `time`. */
  forgetBefore(time: number): void {
    let first = 0;
    while (first + 1 < this.length && (this.since[first + 1] as number) <= time) first++;
    // Rarely, so that it costs nothing on the whole.
    if (first < 64) return;
    for (const list of [this.since, this.what, this.sites]) list.splice(0, first);
    this.length -= first;
  }

  /** Takes in an event of the task. */
  event(e: SavedEvent): void {
    switch (e.kind) {
      case "sleep":
        this.set(e.label as SleepReason, e);
        break;
      case "vma_wait_begin":
        this.set("vma_lock", e);
        break;
      case "mmap_lock_start_locking":
        this.set("mmap_sem", e);
        break;
      case "granted":
        this.set("wake-up", e);
        break;
      case "wake":
      case "vma_wait_end":
      case "mmap_lock_acquire_returned":
        this.set("cpu", e);
        break;
      case "sched_out":
        this.resumed = this.doing;
        this.set("run-queue", e);
        break;
      case "sched_in":
        this.scheduledIn(e);
        break;
    }
  }

  /** Visits what the task did from `from` to `to`, ns, in order and without gaps. What it does not remember is the oldest it knows. */
  forEach(from: number, to: number, visit: (from: number, to: number, doing: Doing, site: string) => void): void {
    for (let i = 0; i < this.length; i++) {
      const begin = i === 0 ? from : Math.max(from, this.since[i] as number);
      const end = i + 1 === this.length ? to : Math.min(to, this.since[i + 1] as number);
      if (end > begin) visit(begin, end, this.what[i] as Doing, this.sites[i] as string);
    }
  }

  /** A task that was sent off has its CPU back; one that was woken got one, and spent the last `value` ns in the run queue. */
  private scheduledIn(e: SavedEvent): void {
    const { doing } = this;
    if (doing === "run-queue") {
      this.set(this.resumed, e);
      return;
    }
    const queuedSince = Math.max(e.time - e.value, this.since[this.length - 1] as number);
    this.set("run-queue", e, queuedSince);
    this.set(doing === "mmap_sem" || doing === "wake-up" ? doing : "cpu", e);
  }

  private set(doing: Doing, { site, time: now }: SavedEvent, time = now): void {
    const last = this.length - 1;
    if (this.what[last] === doing) return;
    if (!this.remembers) {
      this.write(0, doing, site, time);
    } else if (this.since[last] !== time) {
      this.write(this.length++, doing, site, time);
    } else if (last > 0 && this.what[last - 1] === doing) {
      // What lasted no time is not told.
      this.length--;
    } else {
      this.write(last, doing, site, time);
    }
  }

  private write(at: number, doing: Doing, site: string, time: number): void {
    this.what[at] = doing;
    this.sites[at] = site;
    this.since[at] = time;
  }

  private keepLast(): void {
    const last = this.length - 1;
    this.write(0, this.doing, this.sites[last] as string, this.since[last] as number);
    this.length = 1;
  }
}
