import type { Listener, Mode, TraceEvent } from "../trace/trace.ts";

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
export class LitmusRecorder implements Listener {
  readonly timeline: Segment[] = [];
  /** IO waits without the lock, ns. */
  unlockedWait = 0;
  /** The kernel assertion that ended the task. */
  bug: string | null = null;
  private heldSince = -1;
  private mode: Mode = "R";
  private asleepSince = -1;

  event(e: TraceEvent): void {
    if (e.task !== 0) return;
    switch (e.kind) {
      case "mmap_lock_acquire_returned":
        // A downgrade ends one hold and opens another.
        if (e.aux === 1) this.endHold(e.time);
        if (e.value === 1) {
          this.heldSince = e.time;
          this.mode = e.mode;
        }
        break;
      case "mmap_lock_released":
        this.endHold(e.time);
        break;
      case "sleep":
      case "vma_wait_begin":
        this.asleepSince = e.time;
        break;
      case "wake":
      case "vma_wait_end": {
        const held = this.heldSince >= 0;
        this.timeline.push({ what: "io", from: this.asleepSince, to: e.time, held });
        if (!held) this.unlockedWait += e.time - this.asleepSince;
        break;
      }
      case "bug":
        this.bug = e.label;
        // The hold goes on for ever; what the call did ends here.
        if (this.heldSince >= 0) this.endHold(e.time);
        break;
    }
  }

  /** Ends the recording at `now` (ns). Returns the holds in order, the one that was never released last. */
  close(now: number): number[] {
    if (this.heldSince >= 0) this.endHold(now);
    return this.timeline.filter(({ what }) => what === "hold").map(({ from, to }) => to - from);
  }

  private endHold(now: number): void {
    this.timeline.push({ what: "hold", from: this.heldSince, to: now, held: true, mode: this.mode });
    this.heldSince = -1;
  }
}
