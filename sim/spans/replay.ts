import { eventOf, type SavedEvent, type TraceEvent } from "../trace/event.ts";
import type { TaskInfo } from "../trace/trace.ts";
import { paired, type SpanListener } from "./paired.ts";

/** Tells listeners the events of a trace one by one, as a run would. */
export class Replay {
  private readonly hearers: readonly Hearers[];
  private readonly ends: readonly ((now: number) => void)[];
  private now = 0;

  constructor(listeners: readonly SpanListener[]) {
    const heard = paired(listeners);
    this.hearers = heard.map(({ hears }) => hears as Hearers);
    this.ends = heard.flatMap(({ ends }) => (ends === undefined ? [] : [ends]));
  }

  /** The next event. @param tasks all so far. */
  tell(e: TraceEvent, tasks: readonly TaskInfo[]): void {
    this.now = e.time;
    for (const hears of this.hearers) hears[e.kind]?.(e, tasks);
  }

  /** No event follows. @param end of the run, ns; the last event where it is not known. */
  end(end = 0): void {
    for (const ends of this.ends) ends(Math.max(this.now, end));
  }
}

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
  const told = new Replay(listeners);
  const where: (TaskInfo & { cpu?: number })[] = cpus.length === 0 ? [...tasks] : tasks.map((task) => ({ ...task }));
  let i = 0;
  for (const saved of events) {
    const cpu = cpus[i++];
    if (cpu !== undefined) (where[saved.task] as { cpu?: number }).cpu = cpu;
    told.tell(eventOf(saved), where);
  }
  told.end(end);
}

/** What is heard, whatever the kind. */
type Hearers = Partial<Record<string, (e: TraceEvent, tasks: readonly TaskInfo[]) => void>>;
