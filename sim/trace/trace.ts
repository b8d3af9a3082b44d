import { blankEvent, type EventOf, type TraceEvent } from "./event.ts";
import { type EventKind, kindNames } from "./kinds.ts";

/**
 * Who a task is: `comm` as the kernel shows it (at most 15 characters), `role` as the scenario says. `cpu`: the CPU that it is on when
 * the event happens, negative when it is on none; absent where nobody says.
 */
export interface TaskInfo {
  readonly comm: string;
  readonly role: string;
  readonly cpu?: number;
  /** Its process id, where a recording says it. */
  readonly pid?: number;
}

/** What is done at each kind of event that somebody wants to hear of. */
export type Hears = { readonly [K in EventKind]?: (e: EventOf<K>, tasks: readonly TaskInfo[]) => void };

/** Hears the events of the kinds that it names, in (time, sequence) order. It cannot change the run. */
export interface Listener {
  readonly hears: Hears;
  /** Told once that no event follows, ns: the run is over, or the trace. */
  readonly ends?: (now: number) => void;
}

/** Listens to every kind with one function. Not for what runs often: an event of 31 shapes is slow to look into. */
export function hearsAll(hear: (e: TraceEvent, tasks: readonly TaskInfo[]) => void): Hears {
  return Object.fromEntries(kindNames.map((kind) => [kind, hear])) as Hears;
}

/** Who hears a kind, and the record that is filled for them. */
export interface Channel<K extends EventKind> {
  readonly hearers: readonly ((e: EventOf<K>, tasks: readonly TaskInfo[]) => void)[];
  readonly record: EventOf<K>;
}

type Channels = { readonly [K in EventKind]: Channel<K> };

/**
 * Where the model says what happens: `sim/trace/events` has a function a kind. Costs one comparison when nobody hears the kind, and
 * allocates nothing when somebody does.
 */
export class Trace {
  /** All tasks so far; the index is the task number of the events. */
  readonly tasks: TaskInfo[] = [];
  readonly on: Channels;
  private readonly listeners: readonly Listener[];

  constructor(listeners: readonly Listener[]) {
    this.listeners = listeners;
    this.on = Object.fromEntries(kindNames.map((kind) => [kind, channel(kind, listeners)])) as unknown as Channels;
  }

  /** Tells those who hear the kind of a record that was just filled. */
  tell<K extends EventKind>({ hearers, record }: Channel<K>): void {
    for (let i = 0; i < hearers.length; i++) (hearers[i] as (typeof hearers)[number])(record, this.tasks);
  }

  /** Tells all that no event follows. @param now ns. */
  ends(now: number): void {
    for (const { ends } of this.listeners) ends?.(now);
  }
}

function channel<K extends EventKind>(kind: K, listeners: readonly Listener[]): Channel<K> {
  const hearers = listeners.flatMap(({ hears }) => {
    const hear = hears[kind];
    return hear === undefined ? [] : [hear as Channel<K>["hearers"][number]];
  });
  return { hearers, record: blankEvent(kind) };
}

/** A task, as the trace functions look at it. */
export interface Tracing {
  readonly trace: Trace;
  readonly sim: { readonly now: number };
  readonly nr: number;
  /** The kernel function on whose behalf it works, "" outside any. */
  readonly site: string;
}
