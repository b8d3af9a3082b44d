import type { SlotListener } from "../trace/slots.ts";
import type { TaskInfo } from "../trace/trace.ts";
import type { SavedEvent } from "../trace/event.ts";
import { Histogram } from "./metrics/histogram.ts";
import { addCount, emptyMetrics, type Metrics, metricKey, type Tags } from "./metrics/metrics.ts";

/**
 * The locks of single mappings, which no tracepoint shows.
 *
 * - `vma_lock.hold{mm,role}`: a fault has the lock of its mapping.
 * - `vma_lock.wait{mm,role,site}`: a writer of the mm waits for the readers of a mapping, with the mm's lock held for write.
 * - `vma_lock.fallback{mm,reason}`: faults that went on to the mm's lock without it.
 */
export class VmaLocks implements SlotListener {
  private readonly metricsSoFar = emptyMetrics();
  private readonly heldSince = new Map<number, number>();
  private readonly waitsSince = new Map<number, number>();

  event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    switch (e.kind) {
      case "vma_start_read":
        if (e.value === 1) this.heldSince.set(e.task, e.time);
        else addCount(this.metricsSoFar, metricKey("vma_lock.fallback", { mm: e.mm, reason: e.label }), 1);
        break;
      case "vma_end_read":
        this.record("vma_lock.hold", e, this.heldSince, { mm: e.mm, role: roleOf(e, tasks) });
        break;
      case "vma_wait_begin":
        this.waitsSince.set(e.task, e.time);
        break;
      case "vma_wait_end":
        this.record("vma_lock.wait", e, this.waitsSince, { mm: e.mm, role: roleOf(e, tasks), site: e.site });
        break;
    }
  }

  metrics(): Metrics {
    return this.metricsSoFar;
  }

  private record(name: string, e: SavedEvent, since: Map<number, number>, tags: Tags): void {
    const began = since.get(e.task);
    if (began === undefined) return;
    since.delete(e.task);
    const { histograms } = this.metricsSoFar;
    const key = metricKey(name, tags);
    let samples = histograms.get(key);
    if (samples === undefined) {
      samples = new Histogram();
      histograms.set(key, samples);
    }
    samples.record(e.time - began);
  }
}

function roleOf(e: SavedEvent, tasks: readonly TaskInfo[]): string {
  return tasks[e.task]?.role ?? "";
}
