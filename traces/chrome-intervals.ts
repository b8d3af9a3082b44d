import type { EventWindow } from "../sim/measure/window/window.ts";
import type { EventKind } from "../sim/trace/kinds.ts";
import type { SavedEvent } from "../sim/trace/event.ts";

/** What lasts: which events begin and end it is in {@link intervalsOf}. */
export type IntervalKind = "op" | "work" | "hold" | "sleep" | "run-queue" | "vma-wait" | "io" | "async_pf" | "wait";

/** Something that lasted, from the event that began it to the one that ended it. Times are true ones, ns: not cut at the window. */
export interface Interval {
  readonly kind: IntervalKind;
  /** A task, -1 for none. */
  readonly task: number;
  readonly from: number;
  /** Infinite when the window does not show the end. */
  readonly to: number;
  /** The event that began it. Of a wait in the run queue the one that ended it. */
  readonly begin: SavedEvent;
  /** The page of the last fault of the task before, -1 without one: what a sleep for IO waits for. */
  readonly page: number;
}

interface Rule {
  readonly kind: IntervalKind;
  readonly ends: boolean;
  readonly key: string;
}

/**
 * All that lasted in a window, by the order in which it began. A wait is here only when the window does not know what it was
 * charged to: its end is not in the run. The others are in {@link EventWindow.waits}.
 */
export function intervalsOf(window: EventWindow): Interval[] {
  const found: Interval[] = [];
  const open = new Map<string, Interval[]>();
  const faults = new Map<number, number>();
  const begin = (key: string, kind: IntervalKind, e: SavedEvent): void => {
    const page = faults.get(e.task) ?? -1;
    const interval = { kind, task: e.task, from: e.time, to: Number.POSITIVE_INFINITY, begin: e, page };
    const list = open.get(key);
    if (list === undefined) open.set(key, [interval]);
    else list.push(interval);
  };
  const end = (key: string, time: number): boolean => {
    const interval = open.get(key)?.pop();
    if (interval !== undefined) found.push({ ...interval, to: time });
    return interval !== undefined;
  };
  for (const e of [...window.before, ...window.events]) {
    if (e.kind === "fault_begin") faults.set(e.task, e.value);
    if (e.kind === "sched_in" && !end(`run-queue ${e.task}`, e.time) && e.value > 0) {
      const { task, time, value } = e;
      found.push({ kind: "run-queue", task, from: time - value, to: time, begin: e, page: -1 });
    }
    for (const { kind, ends, key } of rulesOf(e)) {
      if (ends) end(key, e.time);
      else begin(key, kind, e);
    }
  }
  const lasting = [...open.values()]
    .flat()
    .filter((interval) => interval.kind !== "wait" || !isCharged(interval, window));
  return [...found.filter(({ kind }) => kind !== "wait"), ...lasting].sort((a, b) => a.from - b.from);
}

function isCharged({ task, from, begin }: Interval, { waits }: EventWindow): boolean {
  return waits.some((wait) => wait.task === task && wait.mm === begin.mm && wait.from <= from && wait.to > from);
}

/** What begins or ends with an event; ends come first. */
function rulesOf(e: SavedEvent): readonly Rule[] {
  const { task, mm, label, value, aux } = e;
  const rule = (kind: IntervalKind, ends: boolean, ...key: readonly (string | number)[]): Rule => ({
    kind,
    ends,
    key: [kind, ...key].join(" "),
  });
  switch (e.kind) {
    case "op_begin":
    case "op_end":
      return [rule("op", e.kind === "op_end", task, label, value)];
    case "work_begin":
    case "work_end":
      return [rule("work", e.kind === "work_end", task)];
    case "mmap_lock_start_locking":
      // Another attempt at the same lock goes on with the wait.
      return [rule("wait", true, task, mm), rule("wait", false, task, mm)];
    case "mmap_lock_acquire_returned": {
      const answered = rule("wait", true, task, mm);
      if (value === 0) return [answered];
      const taken = rule("hold", false, task, mm);
      return aux === 1 ? [answered, rule("hold", true, task, mm), taken] : [answered, taken];
    }
    case "mmap_lock_released":
      return [rule("hold", true, task, mm)];
    case "sleep":
    case "wake":
      return [rule("sleep", e.kind === "wake", task)];
    case "sched_out":
      return [rule("run-queue", false, task)];
    case "vma_wait_begin":
    case "vma_wait_end":
      return [rule("vma-wait", e.kind === "vma_wait_end", task, mm, label)];
    case "io_submit":
    case "io_complete":
      return [rule("io", e.kind === "io_complete", label, value)];
    case "kvm_async_pf_not_present":
    case "kvm_async_pf_ready":
      return [rule("async_pf", e.kind === "kvm_async_pf_ready", task, aux)];
    default:
      return [];
  }
}

/** Kinds of events that are over at once, and worth a mark. */
export const momentKinds: ReadonlySet<EventKind> = new Set<EventKind>([
  "granted",
  "gup_retry",
  "section_lost",
  "op_missed",
  "server_end",
  "bug",
]);
