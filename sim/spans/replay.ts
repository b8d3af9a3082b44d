import { eventOf, type SavedEvent, type TraceEvent } from "../trace/event.ts";
import type { TaskInfo } from "../trace/trace.ts";
import { paired, type SpanListener } from "./paired.ts";

/** Tells listeners the events of a trace that was kept, as a run would; the last event is the end. */
export function replay(
  events: Iterable<SavedEvent>,
  tasks: readonly TaskInfo[],
  listeners: readonly SpanListener[],
): void {
  const heard = paired(listeners);
  const hearers = heard.map(({ hears }) => hears as Hearers);
  let now = 0;
  for (const saved of events) {
    const e = eventOf(saved);
    now = e.time;
    for (const hears of hearers) hears[e.kind]?.(e, tasks);
  }
  for (const { ends } of heard) ends?.(now);
}

/** What is heard, whatever the kind. */
type Hearers = Partial<Record<string, (e: TraceEvent, tasks: readonly TaskInfo[]) => void>>;
