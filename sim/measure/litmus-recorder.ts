import type { SpanListener } from "../spans/paired.ts";
import type { AtLock, SpanHears, TaskSpans } from "../spans/span.ts";
import type { Mode } from "../trace/kinds.ts";
import type { Hears } from "../trace/trace.ts";

/** A stretch of a call: the lock is held, or the task waits for IO or for the fault of another (`held`: it has the lock meanwhile). */
export interface Segment {
  readonly what: "hold" | "io";
  readonly from: number;
  readonly to: number;
  readonly held: boolean;
  /** Of a hold: shared or exclusive. */
  readonly mode?: Mode;
}

/** Follows the first task of the trace through one call: its holds one by one, and its waits for IO. */
export class LitmusRecorder implements SpanListener {
  readonly spans: SpanHears = {
    lockOwned: ({ at }) => {
      if (at.task.nr === 0) this.locks.add(at);
    },
    holdEnded: ({ at, from, mode }, now) => {
      if (at.task.nr === 0) this.held(from, now, mode);
    },
    sleepEnded: ({ task, from }, now) => this.waited(task, from, now),
    vmaWaitEnded: ({ task, from }, now) => this.waited(task, from, now),
  };
  readonly hears: Hears = {
    bug: ({ task, assertion, time }) => {
      if (task !== 0) return;
      this.bug = assertion;
      this.endedAt = time;
    },
  };
  readonly timeline: Segment[] = [];
  /** IO waits without the lock, ns. */
  unlockedWait = 0;
  /** The kernel assertion that ended the task. */
  bug: string | null = null;
  /** When that was: its holds go on for ever, what the call did ends there. */
  private endedAt = Number.POSITIVE_INFINITY;
  private readonly locks = new Set<AtLock>();

  /** Ends the recording at `now` (ns). Returns the holds in order, those that were never released last. */
  close(now: number): number[] {
    for (const { holds, depth } of this.locks) {
      for (const { from, mode } of holds.slice(0, depth)) {
        if (from >= 0) this.held(from, Math.min(now, this.endedAt), mode);
      }
    }
    return this.timeline.filter(({ what }) => what === "hold").map(({ from, to }) => to - from);
  }

  private held(from: number, to: number, mode: Mode): void {
    this.timeline.push({ what: "hold", from, to, held: true, mode });
  }

  private waited(task: TaskSpans, from: number, to: number): void {
    if (task.nr !== 0) return;
    const held = task.locks.some(({ depth }) => depth > 0);
    this.timeline.push({ what: "io", from, to, held });
    if (!held) this.unlockedWait += to - from;
  }
}
