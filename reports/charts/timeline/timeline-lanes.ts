import { Activity, activityHears, activitySpans } from "../../../sim/measure/blame/activity.ts";
import { lastingIn } from "../../../sim/spans/lasting.ts";
import { replay } from "../../../sim/spans/replay.ts";
import type { Charge, ChargedWait, Doing, EventWindow } from "../../../sim/measure/window/window.ts";
import type { Mode } from "../../../sim/trace/kinds.ts";
import type { SavedEvent } from "../../../sim/trace/event.ts";

/** A stretch of time, ns since the start of the run. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One task at one lock: it held it, or waited for it. */
interface LockSpan extends Span {
  readonly task: number;
  readonly mm: string;
  readonly mode: Mode;
  readonly held: boolean;
}

/** What one task did in a window. */
export interface TaskLane {
  readonly task: number;
  readonly holds: readonly LockSpan[];
  readonly waits: readonly LockSpan[];
  /** When it did something else than run or wait for an mmap_sem. */
  readonly off: readonly (Span & { readonly doing: Doing })[];
}

/** A count that is `value` from `time` on. */
export interface Step {
  readonly time: number;
  readonly value: number;
}

/** One lock in a window: who has it, and how many wait for it. */
export interface LockLane {
  readonly mm: string;
  readonly writers: readonly Span[];
  readonly readers: readonly Step[];
  readonly waiting: readonly Step[];
}

/** The longest wait of a window, and the party that it is charged to most. */
export interface BlamedWait {
  readonly wait: ChargedWait;
  readonly charge: Charge;
  /** 0..1 of the wait. */
  readonly share: number;
}

/** What a picture of a window shows. */
export interface Lanes extends Span {
  /** The lock most tasks wait for at once first. */
  readonly locks: readonly LockLane[];
  /** The tasks that held or waited for a lock: whom the longest wait is about, then the longest waits, then the most time in holds. */
  readonly tasks: readonly TaskLane[];
  readonly longest: BlamedWait | null;
}

/** Reads the lanes of a window from its events. Where events were left out, it ends with the last one kept. */
export function lanesOf(window: EventWindow): Lanes {
  const events = [...window.before, ...window.events];
  const to = window.left_out === 0 ? window.to_ns : (events.at(-1)?.time ?? window.to_ns);
  const view = { from: window.from_ns, to };
  const spans = lockSpans(events, window, view);
  const off = offCpu(events, window, view);
  const longest = blamedWait(window.waits);
  const lanes = window.tasks.map((_, task): TaskLane => {
    const own = spans.filter((span) => span.task === task);
    const [holds, waits] = [own.filter(({ held }) => held), own.filter(({ held }) => !held)];
    return { task, holds, waits, off: off[task] as TaskLane["off"] };
  });
  const mms = [...new Set(spans.map(({ mm }) => mm))];
  return {
    ...view,
    locks: mms.map((mm) => lockLane(mm, spans)).sort((a, b) => peakOf(b.waiting) - peakOf(a.waiting)),
    tasks: lanes.filter(({ holds, waits }) => holds.length + waits.length > 0).sort(mostTelling(longest)),
    longest,
  };
}

/** The largest value of a count. */
export function peakOf(steps: readonly Step[]): number {
  return steps.reduce((most, { value }) => Math.max(most, value), 0);
}

/** Holds and waits, cut to the view. What is not over when the events end lasts to its end. */
function lockSpans(events: readonly SavedEvent[], { tasks }: EventWindow, view: Span): LockSpan[] {
  return lastingIn(events, tasks, new Set())
    .flatMap(({ kind, from, to, begin: { task, mm, mode } }): LockSpan[] =>
      kind === "hold" || kind === "wait" ? [{ task, mm, mode, held: kind === "hold", from, to }] : [],
    )
    .map((span) => ({ ...span, from: Math.max(span.from, view.from), to: Math.min(span.to, view.to) }))
    .filter(({ from, to }) => to > from);
}

/** What each task did when it neither ran nor waited for an mmap_sem. */
function offCpu(events: readonly SavedEvent[], { tasks }: EventWindow, { from, to }: Span): TaskLane["off"][] {
  const activities = tasks.map(() => new Activity());
  for (const activity of activities) activity.remember(0);
  const of = (task: number): Activity => activities[task] as Activity;
  replay(events, tasks, [{ spans: activitySpans(of), hears: activityHears(of) }]);
  return activities.map((activity) => {
    const off: (Span & { doing: Doing })[] = [];
    activity.forEach(from, to, (begin, end, doing) => {
      if (doing !== "cpu" && doing !== "mmap_sem") off.push({ from: begin, to: end, doing });
    });
    return off;
  });
}

function lockLane(mm: string, spans: readonly LockSpan[]): LockLane {
  const own = spans.filter((span) => span.mm === mm);
  return {
    mm,
    writers: own.filter(({ held, mode }) => held && mode === "W"),
    readers: countOf(own.filter(({ held, mode }) => held && mode === "R")),
    waiting: countOf(own.filter(({ held }) => !held)),
  };
}

/** How many of the spans there are at a time. */
function countOf(spans: readonly Span[]): Step[] {
  const changes = new Map<number, number>();
  for (const { from, to } of spans) {
    changes.set(from, (changes.get(from) ?? 0) + 1);
    changes.set(to, (changes.get(to) ?? 0) - 1);
  }
  let value = 0;
  return [...changes]
    .sort(([a], [b]) => a - b)
    .map(([time, change]) => {
      value += change;
      return { time, value };
    });
}

/** The longest wait, of readers if any waited; of equals the first. */
function blamedWait(waits: readonly ChargedWait[]): BlamedWait | null {
  const readers = waits.filter(({ mode }) => mode === "R");
  const [first, ...others] = readers.length > 0 ? readers : waits;
  if (first === undefined) return null;
  const wait = others.reduce((longest, other) => (lasts(other) > lasts(longest) ? other : longest), first);
  const blamed = new Map<string, { charge: Charge; sum: number }>();
  for (const charge of wait.charges) {
    const key = `${charge.holder} ${charge.holderMode} ${charge.holderSite} ${charge.cause}`;
    const entry = blamed.get(key) ?? { charge, sum: 0 };
    blamed.set(key, {
      charge: lasts(charge) > lasts(entry.charge) ? charge : entry.charge,
      sum: entry.sum + lasts(charge),
    });
  }
  const [worst] = [...blamed.values()].sort((a, b) => b.sum - a.sum);
  return worst === undefined ? null : { wait, charge: worst.charge, share: worst.sum / lasts(wait) };
}

function mostTelling(longest: BlamedWait | null): (a: TaskLane, b: TaskLane) => number {
  const about = longest === null ? [] : [longest.wait.task, longest.charge.carrier, longest.charge.holder];
  const rank = ({ task }: TaskLane): number => (about.includes(task) ? about.indexOf(task) : about.length);
  const worst = ({ waits }: TaskLane): number => waits.reduce((most, wait) => Math.max(most, lasts(wait)), 0);
  const held = ({ holds }: TaskLane): number => holds.reduce((sum, hold) => sum + lasts(hold), 0);
  return (a, b) => rank(a) - rank(b) || worst(b) - worst(a) || held(b) - held(a) || a.task - b.task;
}

function lasts({ from, to }: Span): number {
  return to - from;
}
