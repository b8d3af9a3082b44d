import type { Charge, ChargedWait, EventWindow } from "../sim/measure/window/window.ts";
import { type IoClass, ioClasses } from "../sim/trace/kinds.ts";
import type { Interval } from "./chrome-intervals.ts";
import type { Arrow, Slice } from "./chrome-json.ts";
import type { Span } from "./chrome-lanes.ts";
import type { Drawing } from "./chrome-slices.ts";

/** How far from its slice's end a point must be, ns, so that it is inside even when a viewer cuts decimals off. From the begin 1 ns is enough. */
const clearance = 3;

/**
 * The arrows of a window's waits: from a wait to the hold it waited behind and from that to the IO that the holder slept for, and
 * from the hold whose end let the waiter in to the hold of the waiter. Each end lies inside its slice; where a slice is
 * too short for that there is no arrow. None is drawn on suspicion: a holder is one that the wait was charged to, an IO covers the
 * page of the holder's last fault and was over when the holder woke.
 */
export function drawArrows({ waits }: EventWindow, { drawn, intervals }: Drawing): Arrow[] {
  const index = new IntervalIndex(intervals);
  const slice = (one: Interval | ChargedWait | undefined): Slice | undefined => one && drawn.get(one)?.[0];
  const arrows: Arrow[] = [];
  const known = new Map<Slice, Set<Slice>>();
  /** One arrow from a slice to another, the first that has room. */
  const add = (
    from: Slice | undefined,
    to: Slice | undefined,
    draw: (from: Slice, to: Slice) => Arrow | null,
  ): void => {
    if (from === undefined || to === undefined || known.get(from)?.has(to)) return;
    const arrow = draw(from, to);
    if (arrow === null) return;
    arrows.push(arrow);
    const ends = known.get(from) ?? new Set();
    known.set(from, ends.add(to));
  };
  for (const wait of waits) {
    const waiting = slice(wait);
    for (const charge of wait.charges) {
      const held = slice(index.holdOf(wait, charge));
      const io = slice(index.ioOf(charge));
      add(waiting, held, (from, to) => during(charge, "waits for", from, to));
      add(held, io, (from, to) => during(charge, "is in IO", from, to));
    }
    add(slice(index.releaserOf(wait)), slice(index.gotBy(wait)), handOver);
  }
  return arrows;
}

/** Finds what a charge is about among the intervals of a window. */
class IntervalIndex {
  private readonly byTask = new Map<string, Interval[]>();
  private readonly requests: readonly Interval[];

  constructor(intervals: readonly Interval[]) {
    this.requests = intervals.filter(({ kind }) => kind === "io");
    for (const interval of intervals) {
      const key = `${interval.kind} ${interval.task}`;
      const list = this.byTask.get(key);
      if (list === undefined) this.byTask.set(key, [interval]);
      else list.push(interval);
    }
  }

  /** The hold that a piece of a wait was charged to. */
  holdOf({ task, mm }: ChargedWait, charge: Charge): Interval | undefined {
    if (charge.holderMode === "" || charge.holder === task) return undefined;
    return this.holds(charge.holder, mm).find((one) => one.begin.mode === charge.holderMode && overlaps(one, charge));
  }

  /** The hold with whose end the last charge to another task ended. */
  releaserOf({ task, mm, charges }: ChargedWait): Interval | undefined {
    const last = charges.findLast(({ holder, holderMode }) => holderMode !== "" && holder !== task);
    return last && this.holds(last.holder, mm).find(({ to }) => to === last.to);
  }

  /** The hold that a wait ended with. */
  gotBy({ task, mm, to }: ChargedWait): Interval | undefined {
    return this.holds(task, mm).find(({ from }) => from === to);
  }

  /** The IO that a holder slept for in a piece of a wait. */
  ioOf(charge: Charge): Interval | undefined {
    if (!ioClasses.includes(charge.cause as IoClass)) return undefined;
    const sleeps = this.byTask.get(`sleep ${charge.holder}`) ?? [];
    const sleep = sleeps.find((one) => one.begin.label === charge.cause && overlaps(one, charge));
    if (sleep === undefined) return undefined;
    const candidates = this.requests.filter(({ from, to, begin: { value: first, aux: pages } }) => {
      return from < sleep.to && to > sleep.from && to <= sleep.to && first <= sleep.page && sleep.page < first + pages;
    });
    return candidates.find(({ task }) => task === charge.holder) ?? candidates[0];
  }

  private holds(task: number, mm: string): Interval[] {
    return (this.byTask.get(`hold ${task}`) ?? []).filter(({ begin }) => begin.mm === mm);
  }
}

function overlaps(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to;
}

/** An arrow in the time that a charge and both slices have in common. */
function during(charge: Span, name: string, from: Slice, to: Slice): Arrow | null {
  const begin = Math.max(charge.from, from.from, to.from);
  const end = Math.min(charge.to, from.to, to.to);
  return end - begin < 3 + clearance ? null : arrowOf(name, from, begin + 1, to, begin + 3);
}

/** An arrow from the end of one hold to the begin of the next. */
function handOver(from: Slice, to: Slice): Arrow | null {
  const isRoom = Math.min(from.to - from.from, to.to - to.from) > clearance;
  return isRoom && from.to <= to.from ? arrowOf("lets in", from, from.to - clearance, to, to.from + 1) : null;
}

function arrowOf(name: string, from: Slice, fromAt: number, to: Slice, toAt: number): Arrow {
  return { name, from: { pid: from.pid, tid: from.tid, at: fromAt }, to: { pid: to.pid, tid: to.tid, at: toAt } };
}
