import type { SpanHears, Wait } from "../../spans/span.ts";
import type { Hears, TaskInfo } from "../../trace/trace.ts";
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

  /** From `now` on the task does this, on behalf of `site`. */
  does(doing: Doing, site: string, now: number): void {
    this.set(doing, site, now);
  }

  /** It loses its CPU and could go on. */
  scheduledOut(site: string, now: number): void {
    this.resumed = this.doing;
    this.set("run-queue", site, now);
  }

  /** A task that was sent off has its CPU back; one that was woken got one, and spent the last `delay` ns in the run queue. */
  scheduledIn(delay: number, site: string, now: number): void {
    const { doing } = this;
    if (doing === "run-queue") {
      this.set(this.resumed, site, now);
      return;
    }
    const queuedSince = Math.max(now - delay, this.since[this.length - 1] as number);
    this.set("run-queue", site, queuedSince);
    this.set(doing === "mmap_sem" || doing === "wake-up" ? doing : "cpu", site, now);
  }

  /** Visits what the task did from `from` to `to`, ns, in order and without gaps. What it does not remember is the oldest it knows. */
  forEach(from: number, to: number, visit: (from: number, to: number, doing: Doing, site: string) => void): void {
    for (let i = 0; i < this.length; i++) {
      const begin = i === 0 ? from : Math.max(from, this.since[i] as number);
      const end = i + 1 === this.length ? to : Math.min(to, this.since[i + 1] as number);
      if (end > begin) visit(begin, end, this.what[i] as Doing, this.sites[i] as string);
    }
  }

  private set(doing: Doing, site: string, time: number): void {
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
    if (last === 0) return;
    this.write(0, this.doing, this.sites[last] as string, this.since[last] as number);
    this.length = 1;
  }
}

/** Handlers for what a task does at locks, for whoever keeps an activity a task. */
export function activitySpans(of: (task: number) => Activity): SpanHears {
  const asks = ({ at, site }: Wait, now: number): void => of(at.task.nr).does("mmap_sem", site, now);
  return {
    waitBegan: asks,
    askedAgain: asks,
    attemptFailed: ({ at }, _mode, site, now) => of(at.task.nr).does("cpu", site, now),
    lockOwned: ({ at, site, granted }, now) => {
      if (granted) of(at.task.nr).does("wake-up", site, now);
    },
    holdBegan: ({ at, site }, now) => of(at.task.nr).does("cpu", site, now),
  };
}

/** What tells an activity that a task sleeps, queues for a CPU, or waits for the readers of a mapping. */
type ActivityKind = "sleep" | "wake" | "sched_out" | "sched_in" | "vma_wait_begin" | "vma_wait_end";

/** Handlers for what is over with one event, for whoever keeps an activity a task. */
export function activityHears(
  of: (task: number, tasks: readonly TaskInfo[]) => Activity,
): Required<Pick<Hears, ActivityKind>> {
  return {
    sleep: ({ task, reason, site, time }, tasks) => of(task, tasks).does(reason, site, time),
    wake: ({ task, site, time }, tasks) => of(task, tasks).does("cpu", site, time),
    vma_wait_begin: ({ task, site, time }, tasks) => of(task, tasks).does("vma_lock", site, time),
    vma_wait_end: ({ task, site, time }, tasks) => of(task, tasks).does("cpu", site, time),
    sched_out: ({ task, site, time }, tasks) => of(task, tasks).scheduledOut(site, time),
    sched_in: ({ task, delay_ns, site, time }, tasks) => of(task, tasks).scheduledIn(delay_ns, site, time),
  };
}
