import { eventOf, type SavedEvent, type TraceEvent } from "../trace/event.ts";
import type { TaskInfo } from "../trace/trace.ts";
import { paired, type SpanListener } from "./paired.ts";

/** Tells listeners the events of a trace that was kept, as a run would. */
export function replay(
  events: Iterable<SavedEvent>,
  tasks: readonly TaskInfo[],
  listeners: readonly SpanListener[],
): void {
  const heard = paired(listeners).map(({ hears }) => hears as Hearers);
  for (const saved of events) {
    const e = eventOf(saved);
    for (const hears of heard) hears[e.kind]?.(e, tasks);
  }
}

/** What is heard, whatever the kind. */
type Hearers = Partial<Record<string, (e: TraceEvent, tasks: readonly TaskInfo[]) => void>>;
