import { type EventKind, eventKinds, type Field, kindNames, type Mode, type SleepReason, type Slot } from "./kinds.ts";

type ValueOf<F> = F extends { is: "mode" }
  ? Mode
  : F extends { is: "reason" }
    ? SleepReason
    : F extends { is: "flag" }
      ? boolean
      : F extends { is: "number" }
        ? number
        : string;

type FieldsOf<K extends EventKind> = (typeof eventKinds)[K]["fields"];

/**
 * An event of one kind, with the fields that `eventKinds` declares for it. There is one record a kind, filled anew for each event: a
 * listener that wants to keep something copies it.
 *
 * `task` is the index into the tasks of the trace, -1 when no task is concerned (an IO completes). `site` is the kernel function on
 * whose behalf the task works, `""` outside any. `time` in ns since the start of the run.
 */
export type EventOf<K extends EventKind> = {
  readonly kind: K;
  time: number;
  task: number;
  site: string;
} & { -readonly [F in keyof FieldsOf<K>]: ValueOf<FieldsOf<K>[F]> };

/** An event of any kind; its `kind` tells which. */
export type TraceEvent = { [K in EventKind]: EventOf<K> }[EventKind];

/**
 * An event as it is kept in documents: the same fields for all kinds, of which each kind uses the slots that it declares. The others hold
 * `""`, `"R"` or 0. A writer's wait for the readers of a mapping has mode `W`.
 */
export interface SavedEvent {
  kind: EventKind;
  time: number;
  task: number;
  mm: string;
  mode: Mode;
  site: string;
  label: string;
  value: number;
  aux: number;
}

/** An event of no kind that has the fields of all: what the declaration is read into. */
type AnyFields = Record<string, string | number | boolean>;

/** Where the fields of each kind stand in a saved event. */
const placesOf = Object.fromEntries(
  kindNames.map((kind) => [
    kind,
    Object.entries<Field>(eventKinds[kind].fields).map(([name, { slot, is }]) => ({
      name,
      slot,
      isFlag: is === "flag",
    })),
  ]),
) as unknown as Readonly<Record<EventKind, readonly { name: string; slot: Slot; isFlag: boolean }[]>>;

/** A copy of an event for a document. */
export function savedEvent(e: TraceEvent): SavedEvent {
  const { kind, time, task, site } = e;
  const saved = { kind, time, task, mm: "", mode: modeOf(kind), site, label: "", value: 0, aux: 0 };
  const slots = saved as unknown as AnyFields;
  for (const { name, slot, isFlag } of placesOf[kind]) {
    const value = (e as unknown as AnyFields)[name] as AnyFields[string];
    slots[slot] = isFlag ? Number(value) : value;
  }
  return saved;
}

/** The event that {@link savedEvent} was given. */
export function eventOf(saved: SavedEvent): TraceEvent {
  const { kind, time, task, site } = saved;
  const e: AnyFields = { kind, time, task, site };
  for (const { name, slot, isFlag } of placesOf[kind]) e[name] = isFlag ? saved[slot] === 1 : saved[slot];
  return e as unknown as TraceEvent;
}

/** An empty record of a kind, to be filled. */
export function blankEvent<K extends EventKind>(kind: K): EventOf<K> {
  const blank: SavedEvent = { kind, time: 0, task: -1, mm: "", mode: "R", site: "", label: "", value: 0, aux: 0 };
  return eventOf(blank) as EventOf<K>;
}

function modeOf(kind: EventKind): Mode {
  return kind === "vma_wait_begin" || kind === "vma_wait_end" ? "W" : "R";
}
