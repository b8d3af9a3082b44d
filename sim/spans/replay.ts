import { eventOf, type SavedEvent, type TraceEvent } from "../trace/event.ts";
import type { TaskInfo } from "../trace/trace.ts";
import { paired, type SpanListener } from "./paired.ts";

/**
 * Tells listeners the events of a trace that was kept, as a run would.
 *
 * @param cpus the CPU of each event, where the trace says it. @param end of the run, ns; the last event where it is not known.
 */
export function replay(
  events: Iterable<SavedEvent>,
  tasks: readonly TaskInfo[],
  listeners: readonly SpanListener[],
  cpus: readonly number[] = [],
  end = 0,
): void {
  const heard = paired(listeners);
  const hearers = heard.map(({ hears }) => hears as Hearers);
  const where: (TaskInfo & { cpu?: number })[] = cpus.length === 0 ? [...tasks] : tasks.map((task) => ({ ...task }));
  let now = 0;
  let i = 0;
  for (const saved of events) {
    const e = eventOf(saved);
    now = e.time;
    const cpu = cpus[i++];
    if (cpu !== undefined) (where[e.task] as { cpu?: number }).cpu = cpu;
    for (const hears of hearers) hears[e.kind]?.(e, where);
  }
  for (const { ends } of heard) ends?.(Math.max(now, end));
}

/** What is heard, whatever the kind. */
type Hearers = Partial<Record<string, (e: TraceEvent, tasks: readonly TaskInfo[]) => void>>;
