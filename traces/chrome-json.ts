import { byBegin, type Span } from "./chrome-lanes.ts";

/** Text, numbers, lists and records that a viewer shows beside an event. */
export type Args = Readonly<Record<string, unknown>>;

/** One thread of one process of a timeline; viewers draw it as a row. */
export interface Track {
  readonly pid: number;
  readonly tid: number;
}

export interface NamedTrack extends Track {
  readonly name: string;
}

/** Something that lasted, ns. */
export interface Slice extends Track, Span {
  readonly name: string;
  readonly cat: string;
  readonly args: Args;
}

/** A moment on a track, ns. */
export interface Point extends Track {
  readonly at: number;
}

/** An arrow between two slices, each of which has the point inside. */
export interface Arrow {
  readonly name: string;
  readonly from: Point;
  readonly to: Point;
}

/** Something that is over at once. */
export interface Mark extends Point {
  readonly name: string;
  readonly args: Args;
}

/** What a curve is from `at` on, ns. */
export interface CounterValue {
  readonly pid: number;
  readonly name: string;
  readonly at: number;
  readonly values: Readonly<Record<string, number>>;
}

/** All that is drawn. The tracks are shown in their order. */
export interface Timeline {
  readonly processes: readonly { readonly pid: number; readonly name: string }[];
  readonly tracks: readonly NamedTrack[];
  readonly slices: readonly Slice[];
  readonly arrows: readonly Arrow[];
  readonly marks: readonly Mark[];
  readonly counters: readonly CounterValue[];
}

interface Line extends Span {
  readonly text: string;
}

/**
 * A timeline as Chrome's JSON in the object form, an event a line, which Perfetto, chrome://tracing and speedscope open. `ts` and
 * `dur` are microseconds with three decimals, so whole nanoseconds. Sorted by time, of those that begin together the longer first.
 *
 * @param otherData what the viewer says of the file as a whole.
 */
export function chromeJson(timeline: Timeline, otherData: Args): string {
  const { slices, arrows, marks, counters } = timeline;
  const lines: Line[] = [
    ...counters.map(({ at, name, pid, values }) => line("C", at, 0, { pid, tid: 0, name, args: values })),
    ...slices.map(({ from, to, ...rest }) => line("X", from, to - from, rest)),
    ...arrows.flatMap(({ name, from, to }, i) => {
      const shared = { id: i + 1, cat: "flow", name };
      return [
        line("s", from.at, 0, { pid: from.pid, tid: from.tid, ...shared }),
        line("f", to.at, 0, { pid: to.pid, tid: to.tid, ...shared, bp: "e" }),
      ];
    }),
    ...marks.map(({ at, ...rest }) => line("i", at, 0, { ...rest, s: "t" })),
  ];
  const texts = [...metadata(timeline), ...lines.sort(byBegin).map(({ text }) => text)];
  return `{"displayTimeUnit":"ns","otherData":${JSON.stringify(otherData)},"traceEvents":[\n${texts.join(",\n")}\n]}\n`;
}

function metadata({ processes, tracks }: Timeline): string[] {
  const event = (name: string, track: Track, args: Args): string => JSON.stringify({ ph: "M", name, ...track, args });
  return [
    ...processes.flatMap(({ pid, name }, i) => [
      event("process_name", { pid, tid: 0 }, { name }),
      event("process_sort_index", { pid, tid: 0 }, { sort_index: i }),
    ]),
    ...tracks.flatMap(({ pid, tid, name }, i) => [
      event("thread_name", { pid, tid }, { name }),
      event("thread_sort_index", { pid, tid }, { sort_index: i }),
    ]),
  ];
}

/** An event as a line; the time is written by hand, because JSON drops the zeros at the end of a number. */
function line(phase: string, from: number, ns: number, rest: object): Line {
  const time = `"ts":${microseconds(from)}${phase === "X" ? `,"dur":${microseconds(ns)}` : ""}`;
  return { from, to: from + ns, text: `{"ph":"${phase}",${time},${JSON.stringify(rest).slice(1)}` };
}

function microseconds(ns: number): string {
  return `${Math.floor(ns / 1000)}.${String(ns % 1000).padStart(3, "0")}`;
}
