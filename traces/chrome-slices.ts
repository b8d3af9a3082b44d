import type { ChargedWait, EventWindow } from "../sim/measure/window/window.ts";
import { type Interval, type IntervalKind, intervalsOf } from "./chrome-intervals.ts";
import { type Item, intervalItem, waitItem } from "./chrome-items.ts";
import type { NamedTrack, Slice } from "./chrome-json.ts";
import { byBegin, drawnEnds, Lanes } from "./chrome-lanes.ts";

/** The processes of a timeline. */
export const processes = [
  { pid: 1, name: "tasks" },
  { pid: 2, name: "locks" },
  { pid: 3, name: "IO" },
] as const;
const [tasksPid, locksPid, ioPid] = processes.map(({ pid }) => pid) as [number, number, number];

/** The thread of a task: the pid that ftrace text has. */
export function taskTrack(task: number): { readonly pid: number; readonly tid: number } {
  return { pid: tasksPid, tid: 1000 + task };
}

/** What is drawn of a window as slices, and where. */
export interface Drawing {
  readonly tracks: readonly NamedTrack[];
  readonly slices: readonly Slice[];
  /** A hold may be drawn twice: on its task's thread and among the lock's; the task's comes first, if it is there. */
  readonly drawn: ReadonlyMap<Interval | ChargedWait, readonly Slice[]>;
  readonly intervals: readonly Interval[];
  /** What the window knows ends here, ns. */
  readonly horizon: number;
  /** How many are too short to be drawn: 0 ns, or so little that rounding viewers would let them cross others. */
  readonly tooShort: number;
}

/** Category of each kind in a viewer's colours and queries. */
const categories: Readonly<Record<IntervalKind, string>> = {
  op: "op",
  work: "op",
  wait: "wait",
  hold: "hold",
  "vma-wait": "wait",
  sleep: "sleep",
  "run-queue": "sched",
  io: "io",
  async_pf: "io",
};

/** Of spans that are equal, the one further left is outside. */
const outermostFirst: readonly IntervalKind[] = ["op", "work", "wait", "hold", "vma-wait", "sleep", "run-queue"];

/** Lays a window out: a thread for each task, lanes for each lock, device and the async page faults. */
export function drawSlices(window: EventWindow): Drawing {
  const intervals = intervalsOf(window);
  const horizon = horizonOf(window);
  const all = [
    ...intervals.map((one) => intervalItem(one, window)),
    ...window.waits.map((one) => waitItem(one, window)),
  ];
  const items = all.flatMap((item) => cutItem(item, window.from_ns, horizon)).sort(byBegin);
  const sheet = new Sheet();
  drawTasks(sheet, items, window);
  drawLocks(sheet, items);
  drawIo(sheet, items);
  const empty = all.filter(({ from, to }) => from === to).length;
  const { slices, drawn, dropped } = settle(sheet.placed);
  return { tracks: sheet.tracks, slices, drawn, intervals, horizon, tooShort: empty + dropped };
}

function drawTasks(sheet: Sheet, items: readonly Item[], { tasks }: EventWindow): void {
  let nextTid = 1000 + tasks.length;
  const mine = tasks.map((): Item[] => []);
  for (const item of items) if (outermostFirst.includes(item.kind)) mine[item.task]?.push(item);
  tasks.forEach(({ comm }, task) => {
    const tids = [sheet.track(comm, taskTrack(task))];
    const lanes = new Lanes("nested");
    const rank = ({ kind }: Item): number => outermostFirst.indexOf(kind);
    for (const item of (mine[task] ?? []).sort((a, b) => byBegin(a, b) || rank(a) - rank(b))) {
      if (item.kind === "hold") {
        // The lock's lanes have it anyway.
        if (lanes.placeFirst(item)) sheet.draw(item, taskTrack(task));
        continue;
      }
      const lane = lanes.place(item);
      while (tids.length <= lane)
        tids.push(sheet.track(`${comm} ${tids.length + 1}`, { pid: tasksPid, tid: nextTid++ }));
      sheet.draw(item, { pid: tasksPid, tid: tids[lane] as number });
    }
  });
}

function drawLocks(sheet: Sheet, items: readonly Item[]): void {
  const holds = items.filter(({ kind }) => kind === "hold");
  const lockOf = ({ args }: Item): string => String(args.lock);
  for (const mm of [...new Set(holds.map(lockOf))].sort()) {
    for (const mode of ["W", "R"]) {
      const group = holds.filter((item) => lockOf(item) === mm && item.args.mode === mode);
      sheet.drawLanes(`${mm} mmap_sem ${mode}`, locksPid, group, mode === "W");
    }
  }
}

function drawIo(sheet: Sheet, items: readonly Item[]): void {
  const requests = items.filter(({ kind }) => kind === "io");
  for (const device of [...new Set(requests.map(({ args }) => String(args.device)))].sort()) {
    sheet.drawLanes(
      device,
      ioPid,
      requests.filter(({ args }) => args.device === device),
    );
  }
  sheet.drawLanes(
    "async_pf",
    ioPid,
    items.filter(({ kind }) => kind === "async_pf"),
  );
}

/** What an item became. */
interface Placed {
  readonly of: Interval | ChargedWait;
  readonly slice: Slice;
}

/** Collects tracks, and what is on them. */
class Sheet {
  readonly tracks: NamedTrack[] = [];
  readonly placed: Placed[] = [];

  /** A new track; returns its tid. */
  track(name: string, { pid, tid }: { readonly pid: number; readonly tid: number }): number {
    this.tracks.push({ pid, tid, name });
    return tid;
  }

  /** Draws items on as many lanes as they need, named by their number; a lane that is expected to be the only one has none. */
  drawLanes(name: string, pid: number, items: readonly Item[], isOne = false): void {
    const lanes = new Lanes("apart");
    const tids: number[] = [];
    for (const item of items) {
      const lane = lanes.place(item);
      if (tids.length <= lane) {
        const title = isOne && lane === 0 ? name : `${name} ${lane + 1}`;
        tids.push(this.track(title, { pid, tid: this.tracks.filter((track) => track.pid === pid).length + 1 }));
      }
      // Named by its holder: the lane says already what it is.
      this.draw(pid === locksPid ? { ...item, name: String(item.args.holder) } : item, {
        pid,
        tid: tids[lane] as number,
      });
    }
  }

  draw({ of, kind, name, args, from, to }: Item, { pid, tid }: { readonly pid: number; readonly tid: number }): void {
    this.placed.push({
      of,
      slice: { pid, tid, name, cat: categories[kind], from, to, args: { ns: to - from, ...args } },
    });
  }
}

/** Ends the slices where they may end on their tracks, see {@link drawnEnds}: their args keep the true length. */
function settle(placed: readonly Placed[]): Pick<Drawing, "slices" | "drawn"> & { readonly dropped: number } {
  const tracks = new Map<string, Placed[]>();
  for (const one of placed) {
    const key = `${one.slice.pid} ${one.slice.tid}`;
    const list = tracks.get(key);
    if (list === undefined) tracks.set(key, [one]);
    else list.push(one);
  }
  const slices: Slice[] = [];
  const drawn = new Map<Interval | ChargedWait, Slice[]>();
  for (const list of tracks.values()) {
    const ends = drawnEnds(list.map(({ slice }) => slice));
    list.forEach(({ of, slice }, i) => {
      const ended = { ...slice, to: ends[i] as number };
      if (ended.to <= ended.from) return;
      slices.push(ended);
      const known = drawn.get(of);
      if (known === undefined) drawn.set(of, [ended]);
      else known.push(ended);
    });
  }
  return { slices, drawn, dropped: placed.length - slices.length };
}

/** The last moment of which the window knows all. */
function horizonOf({ events, to_ns, from_ns, left_out }: EventWindow): number {
  return left_out === 0 ? to_ns : (events.at(-1)?.time ?? from_ns);
}

/** The part that is drawn; what was cut off is said. Nothing of what lies outside. */
function cutItem(item: Item, first: number, horizon: number): Item[] {
  if (item.from === item.to) return [];
  if (item.from >= horizon || item.to <= first) return [];
  const from = Math.max(item.from, first);
  const to = Math.min(item.to, horizon);
  const cut = {
    ...(from > item.from ? { began_ns: item.from } : {}),
    ...(to < item.to ? { ends_ns: Number.isFinite(item.to) ? item.to : "not in the window" } : {}),
  };
  return [{ ...item, from, to, args: { ...item.args, ...cut } }];
}
