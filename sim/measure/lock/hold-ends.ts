import type { SpanListener } from "../../spans/paired.ts";
import type { Hold, Lock, SpanHears, Wait } from "../../spans/span.ts";
import type { Mode } from "../../trace/kinds.ts";
import { Histogram } from "../metrics/histogram.ts";
import { addCount, addSamples, emptyMetrics, type Metrics, metricKey } from "../metrics/metrics.ts";

/** A hold that others wait behind: shorter ones are passing traffic. */
const longHoldNs = 1_000_000;

/** Who waits for a lock, each with the end of the last long hold that it waited behind in the queue (-1 for none); and who has it. */
interface Crowd {
  readonly waiting: Map<Wait, number>;
  readonly holds: Set<Hold>;
}

/**
 * How long after the end of a long hold, of 1 ms or more, those who waited behind it have the lock:
 * `mmap_sem.grant_after_hold{mode}`. And `mmap_sem.passed`: readers that came after a writer had queued behind such a hold, and
 * had the lock before its end.
 */
export class HoldEnds implements SpanListener {
  readonly spans: SpanHears = {
    waitBegan: (wait) => void this.crowd(wait.at.lock).waiting.set(wait, -1),
    waitGivenUp: (wait) => void this.crowd(wait.at.lock).waiting.delete(wait),
    waitEnded: (wait, hold, now) => this.acquired(wait, hold.mode, now),
    holdBegan: (hold) => void this.crowd(hold.at.lock).holds.add(hold),
    holdEnded: (hold, now) => this.released(hold, now),
  };
  private readonly crowds: Crowd[] = [];
  private readonly grants: Record<Mode, Histogram> = { R: new Histogram(), W: new Histogram() };
  private passed = 0;

  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const mode of ["R", "W"] as const) {
      addSamples(metrics, metricKey("mmap_sem.grant_after_hold", { mode }), this.grants[mode]);
    }
    addCount(metrics, "mmap_sem.passed", this.passed);
    return metrics;
  }

  private acquired(wait: Wait, mode: Mode, now: number): void {
    const crowd = this.crowd(wait.at.lock);
    const holdEnded = crowd.waiting.get(wait) ?? -1;
    crowd.waiting.delete(wait);
    if (holdEnded >= 0) this.grants[mode].record(now - holdEnded);
    else if (mode === "R" && isPassing(crowd, wait, now)) this.passed++;
  }

  private released(hold: Hold, now: number): void {
    const { waiting, holds } = this.crowd(hold.at.lock);
    holds.delete(hold);
    if (now - hold.from < longHoldNs || holds.size > 0) return;
    for (const wait of waiting.keys()) if (wait.queued) waiting.set(wait, now);
  }

  private crowd({ nr }: Lock): Crowd {
    let crowd = this.crowds[nr];
    if (crowd === undefined) {
      crowd = { waiting: new Map(), holds: new Set() };
      this.crowds[nr] = crowd;
    }
    return crowd;
  }
}

/** True when a reader has the lock while another has had it for long, and a writer that came first stands in the queue. */
function isPassing({ waiting, holds }: Crowd, reader: Wait, now: number): boolean {
  const isLongHeld = [...holds].some(({ from }) => now - from >= longHoldNs);
  return (
    isLongHeld && [...waiting.keys()].some(({ mode, queued, from }) => mode === "W" && queued && from < reader.from)
  );
}
