import type { SlotListener } from "../trace/slots.ts";
import type { Mode } from "../trace/kinds.ts";
import type { SavedEvent } from "../trace/event.ts";
import { Histogram } from "./metrics/histogram.ts";
import { addCount, addSamples, emptyMetrics, type Metrics, metricKey } from "./metrics/metrics.ts";

/** A hold that others wait behind: shorter ones are passing traffic. */
const longHoldNs = 1_000_000;

/** One task at one lock. */
interface AtLock {
  readonly mode: Mode;
  readonly since: number;
  /** It stands in the queue, and is not just trying. */
  queued: boolean;
  /** When the long hold ended that it waited behind, -1 when none has. */
  holdEnded: number;
}

/**
 * How long after the end of a long hold, of 1 ms or more, those who waited behind it have the lock:
 * `mmap_sem.grant_after_hold{mode}`. And `mmap_sem.passed`: readers that came after a writer had queued behind such a hold, and
 * had the lock before its end. One lock at a time is followed: the scenarios it is for have one mm.
 */
export class HoldEnds implements SlotListener {
  private readonly waiting = new Map<number, AtLock>();
  private readonly heldSince = new Map<number, number>();
  private readonly grants: Record<Mode, Histogram> = { R: new Histogram(), W: new Histogram() };
  private passed = 0;

  event(e: SavedEvent): void {
    switch (e.kind) {
      case "mmap_lock_start_locking":
        if (!this.waiting.has(e.task)) {
          this.waiting.set(e.task, { mode: e.mode, since: e.time, queued: false, holdEnded: -1 });
        }
        break;
      case "contention_begin": {
        const waiter = this.waiting.get(e.task);
        if (waiter !== undefined) waiter.queued = true;
        break;
      }
      case "mmap_lock_acquire_returned":
        if (e.value === 1) this.acquired(e);
        break;
      case "mmap_lock_released":
        this.released(e);
        break;
    }
  }

  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const mode of ["R", "W"] as const) {
      addSamples(metrics, metricKey("mmap_sem.grant_after_hold", { mode }), this.grants[mode]);
    }
    addCount(metrics, "mmap_sem.passed", this.passed);
    return metrics;
  }

  private acquired(e: SavedEvent): void {
    const waiter = this.waiting.get(e.task);
    this.waiting.delete(e.task);
    if (waiter !== undefined && waiter.holdEnded >= 0) this.grants[e.mode].record(e.time - waiter.holdEnded);
    if (waiter !== undefined && e.mode === "R" && this.isPassing(waiter, e.time)) this.passed++;
    this.heldSince.set(e.task, e.time);
  }

  private isPassing(reader: AtLock, now: number): boolean {
    const isLongHeld = [...this.heldSince.values()].some((since) => now - since >= longHoldNs);
    const isBehindWriter = [...this.waiting.values()].some(
      ({ mode, queued, since }) => mode === "W" && queued && since < reader.since,
    );
    return isLongHeld && isBehindWriter && reader.holdEnded < 0;
  }

  private released(e: SavedEvent): void {
    const since = this.heldSince.get(e.task);
    this.heldSince.delete(e.task);
    if (since === undefined || e.time - since < longHoldNs || this.heldSince.size > 0) return;
    for (const waiter of this.waiting.values()) if (waiter.queued) waiter.holdEnded = e.time;
  }
}
