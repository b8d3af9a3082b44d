import type { SlotListener } from "../trace/slots.ts";
import type { TaskInfo } from "../trace/trace.ts";
import type { SavedEvent } from "../trace/event.ts";
import { Histogram } from "./metrics/histogram.ts";
import { addCount, addSamples, emptyMetrics, type Metrics, metricKey } from "./metrics/metrics.ts";

/**
 * What sharing CPUs did. `sched.delay{role}`: a task that could run waited for a CPU. `sched.preempted{role}`: it lost its CPU to
 * another. Both are empty when there is a CPU for every task.
 */
export class Scheduling implements SlotListener {
  private readonly delays = new Map<string, Histogram>();
  private readonly preempted = new Map<string, number>();

  event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    if (e.kind !== "sched_in" && e.kind !== "sched_out") return;
    const role = tasks[e.task]?.role ?? "";
    if (e.kind === "sched_out") {
      this.preempted.set(role, (this.preempted.get(role) ?? 0) + 1);
      return;
    }
    let delay = this.delays.get(role);
    if (delay === undefined) {
      delay = new Histogram();
      this.delays.set(role, delay);
    }
    delay.record(e.value);
  }

  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const [role, delay] of this.delays) addSamples(metrics, metricKey("sched.delay", { role }), delay);
    for (const [role, n] of this.preempted) addCount(metrics, metricKey("sched.preempted", { role }), n);
    return metrics;
  }
}
