import type { SpanListener } from "../spans/paired.ts";
import type { IoClass } from "../trace/kinds.ts";
import { BlameLedger, blameMetrics } from "./blame/blame.ts";
import { convoyMetrics, Convoys } from "./lock/convoys.ts";
import { IoAgain, ioAgainMetrics } from "./io-again.ts";
import { LockStat, lockStatMetrics } from "./lock/lock-stat.ts";
import type { MetricDeclarations } from "./metrics/declaration.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { Operations, operationMetrics } from "./operations.ts";
import { Queue, queueMetrics } from "./lock/queue.ts";
import { Scheduling, schedulingMetrics } from "./scheduling.ts";
import { VmaLocks, vmaLockMetrics } from "./vma-locks.ts";

/** A listener that gives metrics. */
export interface Measuring extends SpanListener {
  metrics(): Metrics;
}

/** A kind of measuring listener: what it gives, and how one is made for a run whose devices have these IO classes. */
interface MeasuringKind {
  readonly gives: MetricDeclarations;
  readonly make: (classes: readonly IoClass[]) => Measuring;
  /** It hears the warm-up, too, and counts whole what goes on at its end. */
  readonly whole?: boolean;
}

/** What every replication is measured by. A metric is added with its listener, and a line here. */
export const measuringKinds: readonly MeasuringKind[] = [
  { gives: lockStatMetrics, make: (classes) => new LockStat(classes), whole: true },
  { gives: blameMetrics, make: () => new BlameLedger() },
  { gives: queueMetrics, make: () => new Queue() },
  { gives: convoyMetrics, make: () => new Convoys() },
  { gives: operationMetrics, make: () => new Operations(), whole: true },
  { gives: ioAgainMetrics, make: () => new IoAgain() },
  { gives: vmaLockMetrics, make: () => new VmaLocks(), whole: true },
  { gives: schedulingMetrics, make: () => new Scheduling() },
];
