import type { SpanListener } from "../spans/paired.ts";
import type { SpanHears } from "../spans/span.ts";
import type { Hears } from "../trace/trace.ts";
import { Histogram } from "./metrics/histogram.ts";
import { addCount, emptyMetrics, type Metrics, metricKey, type Tags } from "./metrics/metrics.ts";
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
    vmaHoldEnded: ({ mm, task, from }, now) => this.record("vma_lock.hold", { mm, role: task.role }, now - from),
    vmaWaitEnded: ({ mm, task, site, from }, now) =>
      this.record("vma_lock.wait", { mm, role: task.role, site }, now - from),
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

  private record(name: string, tags: Tags, ns: number): void {
    const { histograms } = this.metricsSoFar;
    const key = metricKey(name, tags);
    let samples = histograms.get(key);
    if (samples === undefined) {
      samples = new Histogram();
      histograms.set(key, samples);
    }
    samples.record(ns);
  }
}
