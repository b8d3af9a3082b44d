import type { SpanListener } from "../spans/paired.ts";
import type { Hears } from "../trace/trace.ts";
import { Histogram } from "./metrics/histogram.ts";
import { addCount, addSamples, emptyMetrics, type Metrics, metricKey } from "./metrics/metrics.ts";
import { metric, type MetricDeclarations } from "./metrics/declaration.ts";

/** What it gives. */
export const schedulingMetrics: MetricDeclarations = {
  "sched.delay": metric(
    "duration",
    ["role"],
    "How long a task that could run waited for a CPU.",
    "v3.17 include/trace/events/sched.h (sched_stat_wait)",
  ),
  "sched.preempted": metric("count", ["role"], "How often a task lost its CPU to another."),
};

/**
 * What sharing CPUs did. `sched.delay{role}`: a task that could run waited for a CPU. `sched.preempted{role}`: it lost its CPU to
 * another. Both are empty when there is a CPU for every task.
 */
export class Scheduling implements SpanListener {
  readonly hears: Hears = {
    sched_out: ({ task }, tasks) => {
      const role = tasks[task]?.role ?? "";
      this.preempted.set(role, (this.preempted.get(role) ?? 0) + 1);
    },
    sched_in: ({ task, delay_ns }, tasks) => this.delayed(tasks[task]?.role ?? "", delay_ns),
  };
  private readonly delays = new Map<string, Histogram>();
  private readonly preempted = new Map<string, number>();

  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const [role, delay] of this.delays) addSamples(metrics, metricKey("sched.delay", { role }), delay);
    for (const [role, n] of this.preempted) addCount(metrics, metricKey("sched.preempted", { role }), n);
    return metrics;
  }

  private delayed(role: string, ns: number): void {
    let delay = this.delays.get(role);
    if (delay === undefined) {
      delay = new Histogram();
      this.delays.set(role, delay);
    }
    delay.record(ns);
  }
}
