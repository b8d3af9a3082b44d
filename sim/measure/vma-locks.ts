import type { SpanListener } from "../spans/paired.ts";
import type { SpanHears, VmaSpan } from "../spans/span.ts";
import type { Hears } from "../trace/trace.ts";
import { Histogram } from "./metrics/histogram.ts";
import { addCount, addOpen, addSamples, emptyMetrics, type Metrics, metricKey } from "./metrics/metrics.ts";
import { metric, type MetricDeclarations } from "./metrics/declaration.ts";

/** What it gives. */
export const vmaLockMetrics: MetricDeclarations = {
  "vma_lock.hold": metric(
    "duration",
    ["mm", "role"],
    "How long a fault has the lock of its mapping.",
    "v6.4 include/linux/mm.h",
  ),
  "vma_lock.wait": metric(
    "duration",
    ["mm", "role", "site"],
    "How long a writer of the mm waits for the readers of a mapping.",
    "v6.4 include/linux/mm.h",
  ),
  "vma_lock.fallback": metric(
    "count",
    ["mm", "reason"],
    "Faults that went on to the mm's lock without that of their mapping.",
    "v6.4 vmstat (vma_lock_abort, vma_lock_miss)",
  ),
};

/**
 * The locks of single mappings, which no tracepoint shows.
 *
 * - `vma_lock.hold{mm,role}`: a fault has the lock of its mapping.
 * - `vma_lock.wait{mm,role,site}`: a writer of the mm waits for the readers of a mapping, with the mm's lock held for write.
 * - `vma_lock.fallback{mm,reason}`: faults that went on to the mm's lock without it.
 */
export class VmaLocks implements SpanListener {
  readonly spans: SpanHears = {
    vmaHoldEnded: (hold, now) => this.record(holdKey(hold), now - hold.from),
    vmaWaitEnded: (wait, now) => this.record(waitKey(wait), now - wait.from),
    stillOpen: {
      vmaHold: (hold, now) => this.recordOpen(holdKey(hold), now - hold.from),
      vmaWait: (wait, now) => this.recordOpen(waitKey(wait), now - wait.from),
    },
  };
  readonly hears: Hears = {
    vma_start_read: ({ success, mm, vma }) => {
      if (!success) addCount(this.metricsSoFar, metricKey("vma_lock.fallback", { mm, reason: vma }), 1);
    },
  };
  private readonly metricsSoFar = emptyMetrics();

  metrics(): Metrics {
    return this.metricsSoFar;
  }

  private record(key: string, ns: number): void {
    const { histograms } = this.metricsSoFar;
    let samples = histograms.get(key);
    if (samples === undefined) {
      samples = new Histogram();
      histograms.set(key, samples);
    }
    samples.record(ns);
  }

  private recordOpen(key: string, age: number): void {
    const ages = new Histogram();
    ages.record(age);
    addSamples(this.metricsSoFar, key, null);
    addOpen(this.metricsSoFar, key, ages);
  }
}

function holdKey({ mm, task: { role } }: VmaSpan): string {
  return metricKey("vma_lock.hold", { mm, role });
}

function waitKey({ mm, task: { role }, site }: VmaSpan): string {
  return metricKey("vma_lock.wait", { mm, role, site });
}
