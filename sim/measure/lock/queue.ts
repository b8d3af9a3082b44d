import type { AtLock, SpanHears, Wait } from "../../spans/span.ts";
import type { SpanListener } from "../../spans/paired.ts";
import { metric, type MetricDeclarations } from "../metrics/declaration.ts";
import { emptyMetrics, type Metrics } from "../metrics/metrics.ts";
import { Tally } from "../tally.ts";

/** What it gives. */
export const queueMetrics: MetricDeclarations = {
  "mmap_sem.queued_behind": metric(
    "count",
    ["mm", "n"],
    "Waits that began to sleep in the queue with n tasks sleeping in it already, 16 for 16 and more.",
  ),
};

/** Longer queues are one row. */
const longest = 16;

/** How long the queue of each mmap_sem is for who joins it. Who spins does not stand in it. */
export class Queue implements SpanListener {
  readonly spans: SpanHears = {
    waitQueued: (wait) => this.joins(wait),
    attemptFailed: ({ at }) => this.leaves(at),
    lockOwned: ({ at }) => this.leaves(at),
  };
  /** Who sleeps in the queue, by the number of the lock. */
  private readonly queues: Set<number>[] = [];
  private readonly tally = new Tally("mmap_sem.queued_behind", "mm", "n");

  /** Everything so far. */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    this.tally.addTo(metrics);
    return metrics;
  }

  private joins({ at }: Wait): void {
    const queue = this.queues[at.lock.nr] ?? new Set();
    this.queues[at.lock.nr] = queue;
    this.tally.add(at.lock.mm, String(Math.min(longest, queue.size)), 1);
    queue.add(at.nr);
  }

  private leaves({ lock, nr }: AtLock): void {
    this.queues[lock.nr]?.delete(nr);
  }
}
