import type { EventWindow } from "../sim/measure/window/window.ts";
import { type Lasting, type LastingKind, lastingIn } from "../sim/spans/lasting.ts";
import type { EventKind } from "../sim/trace/kinds.ts";

/** What lasts, of all that does, and is drawn. */
export type IntervalKind = Exclude<LastingKind, "granted" | "vma-hold" | "moment">;

/** Something that lasted. Times are true ones, ns: not cut at the window. */
export interface Interval extends Lasting {
  readonly kind: IntervalKind;
  /** A task, -1 for none. */
  readonly task: number;
}

const noMoments: ReadonlySet<EventKind> = new Set();

/**
 * All that lasted in a window, by the order in which it began. A wait is here only when the window does not know what it was
 * charged to: its end is not in the run. The others are in {@link EventWindow.waits}.
 */
export function intervalsOf(window: EventWindow): Interval[] {
  const all = lastingIn([...window.before, ...window.events], window.tasks, noMoments);
  return all
    .flatMap((one): Interval[] => (isDrawn(one) ? [{ ...one, task: one.begin.task }] : []))
    .filter((one) => one.kind !== "wait" || (one.to === Number.POSITIVE_INFINITY && !isCharged(one, window)))
    .sort((a, b) => a.from - b.from);
}

function isDrawn(one: Lasting): one is Lasting & { kind: IntervalKind } {
  return one.kind !== "granted" && one.kind !== "vma-hold" && one.kind !== "moment";
}

function isCharged({ task, from, begin }: Interval, { waits }: EventWindow): boolean {
  return waits.some((wait) => wait.task === task && wait.mm === begin.mm && wait.from <= from && wait.to > from);
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
