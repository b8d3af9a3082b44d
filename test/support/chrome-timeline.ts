/** An event of Chrome's JSON, as a viewer reads it. */
export interface ChromeEvent {
  readonly ph: "M" | "X" | "C" | "s" | "f" | "i";
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: string;
  readonly s?: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A slice in whole ns. */
export interface DrawnSlice {
  readonly event: ChromeEvent;
  readonly track: string;
  readonly from: number;
  readonly to: number;
}

/** The file as a viewer sees it. */
export interface ChromeFile {
  readonly displayTimeUnit: string;
  readonly otherData: Readonly<Record<string, string>>;
  readonly traceEvents: readonly ChromeEvent[];
}

/** A time of the file, us, as whole ns. */
export function nanoseconds(us: number): number {
  return Math.round(us * 1000);
}

/** All slices of the file. */
export function slicesOf({ traceEvents }: ChromeFile): DrawnSlice[] {
  return traceEvents.flatMap((event) => {
    if (event.ph !== "X") return [];
    const from = nanoseconds(event.ts);
    return [{ event, track: trackOf(event), from, to: from + nanoseconds(event.dur ?? 0) }];
  });
}

/** Thread names, by `pid tid`. */
export function threadNames({ traceEvents }: ChromeFile): Map<string, string> {
  const named = traceEvents.filter(({ name }) => name === "thread_name");
  return new Map(named.map((event) => [trackOf(event), String(event.args.name)]));
}

export function trackOf({ pid, tid }: ChromeEvent): string {
  return `${pid} ${tid}`;
}

/**
 * Holds a file against what viewers ask: sorted, every slice inside or outside every other of its thread, every thread named, each arrow
 * with two ends inside slices, marks on no edge, counters that change. Returns what is wrong, nothing for a good file.
 */
export function faultsOf(file: ChromeFile): string[] {
  const { traceEvents } = file;
  const names = threadNames(file);
  const slices = new Map<string, DrawnSlice[]>();
  for (const slice of slicesOf(file)) {
    const list = slices.get(slice.track);
    if (list === undefined) slices.set(slice.track, [slice]);
    else list.push(slice);
  }
  const on = (event: ChromeEvent): readonly DrawnSlice[] => slices.get(trackOf(event)) ?? [];
  const marks = traceEvents.filter(({ ph }) => ph === "i");
  return [
    ...unsorted(traceEvents.filter(({ ph }) => ph !== "M")),
    ...[...slices.keys(), ...marks.map(trackOf)]
      .filter((track) => !names.has(track))
      .map((track) => `no name: ${track}`),
    ...[...slices.values()].flatMap(badNesting),
    ...badArrows(traceEvents, on),
    ...marks.filter((mark) => mark.s !== "t" || on(mark).some((slice) => hasEdgeAt(slice, mark))).map(told("mark")),
    ...stillCounters(traceEvents),
  ];
}

function hasEdgeAt({ from, to }: DrawnSlice, { ts }: ChromeEvent): boolean {
  return from === nanoseconds(ts) || to === nanoseconds(ts);
}

function told(what: string): (thing: unknown) => string {
  return (thing) => `${what}: ${JSON.stringify(thing)}`;
}

function unsorted(events: readonly ChromeEvent[]): string[] {
  const late = events.filter((event, i) => {
    const before = events[i - 1];
    if (before === undefined) return false;
    return event.ts < before.ts || (event.ts === before.ts && (event.dur ?? 0) > (before.dur ?? 0));
  });
  return late.map(told("not sorted"));
}

/** How viewers read `ts` and `dur`: exactly, as doubles since the first event, and cut down to ns each by itself. */
const readings: readonly ((event: ChromeEvent, first: number) => readonly [number, number])[] = [
  ({ ts, dur = 0 }) => [nanoseconds(ts), nanoseconds(ts) + nanoseconds(dur)],
  ({ ts, dur = 0 }, first) => [ts - first, ts - first + dur],
  ({ ts, dur = 0 }) => [Math.trunc(ts * 1000), Math.trunc(ts * 1000) + Math.trunc(dur * 1000)],
];

/** In the order of the file, which has the outer one of two first: a stack of what is open. Only tasks may nest. */
function badNesting(list: readonly DrawnSlice[]): string[] {
  const first = list[0]?.event.ts ?? 0;
  return readings.flatMap((read) => {
    const open: (readonly [number, number])[] = [];
    return list.flatMap(({ event }) => {
      const span = read(event, first);
      while ((open.at(-1)?.[1] ?? Number.POSITIVE_INFINITY) <= span[0]) open.pop();
      const outer = open.at(-1);
      open.push(span);
      const isInside = outer === undefined || (event.pid === 1 && span[0] >= outer[0] && span[1] <= outer[1]);
      return isInside ? [] : [told("nesting")([outer, span, event])];
    });
  });
}

function badArrows(events: readonly ChromeEvent[], on: (event: ChromeEvent) => readonly DrawnSlice[]): string[] {
  const isInside = (event: ChromeEvent): boolean =>
    readings.every((read) => {
      const [at] = read(event, 0);
      return on(event).some((slice) => read(slice.event, 0)[0] <= at && at < read(slice.event, 0)[1]);
    });
  const [starts, ends] = (["s", "f"] as const).map((phase) => events.filter(({ ph }) => ph === phase));
  const endOf = new Map(ends?.map((end) => [end.id, end]));
  const ids = new Set(starts?.map(({ id }) => id));
  const isUnique = ids.size === starts?.length && endOf.size === ends?.length && ends.length === starts.length;
  const bad = starts?.filter((start) => {
    const end = endOf.get(start.id);
    if (end === undefined || end.bp !== "e" || end.name !== start.name || end.cat !== start.cat) return true;
    return start.ts >= end.ts || !isInside(start) || !isInside(end);
  });
  return [...(isUnique ? [] : ["arrows: ids are not unique"]), ...(bad ?? []).map(told("arrow"))];
}

function stillCounters(events: readonly ChromeEvent[]): string[] {
  const last = new Map<string, string>();
  const bad = events.filter(({ ph, pid, name, args }) => {
    if (ph !== "C") return false;
    const key = `${pid} ${name}`;
    const values = JSON.stringify(args);
    const isSame = last.get(key) === values;
    last.set(key, values);
    return isSame || Object.values(args).some((value) => typeof value !== "number" || value < 0);
  });
  return bad.map(told("counter"));
}
