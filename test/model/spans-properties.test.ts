/**
 * All that name waits and holds name the same ones: told a random story of tasks at locks, with trylocks, attempts that are given up,
 * recursive readers, downgrades, kills, and edges missing at both ends, each is held against the rule of docs/VOCABULARY.md as written
 * down here, plainly, a second time.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { lanesOf } from "../../reports/charts/timeline/timeline-lanes.ts";
import { windowSlices } from "../../reports/html/timeline/window-slices.ts";
import { BlameLedger } from "../../sim/measure/blame/blame.ts";
import { Convoys } from "../../sim/measure/lock/convoys.ts";
import { HoldEnds } from "../../sim/measure/lock/hold-ends.ts";
import { LitmusRecorder } from "../../sim/measure/litmus-recorder.ts";
import { LoadStepFigures } from "../../sim/measure/load-steps.ts";
import { LockStat } from "../../sim/measure/lock/lock-stat.ts";
import { LongestWait } from "../../sim/measure/lock/longest-wait.ts";
import { parseMetricKey } from "../../sim/measure/metrics/metrics.ts";
import { WindowRecorder } from "../../sim/measure/window/event-window.ts";
import type { ChargedWait, EventWindow } from "../../sim/measure/window/window.ts";
import { HoldSeries } from "../../sim/study/warm-up.ts";
import type { Mode } from "../../sim/trace/kinds.ts";
import { intervalsOf } from "../../traces/chrome-intervals.ts";
import { type LockStory, lockStories } from "../support/lock-story.ts";
import { tell } from "../support/tell.ts";

interface Named {
  readonly task: number;
  readonly mm: string;
  readonly mode: Mode;
  readonly from: number;
  /** Infinite when it was not over at the end of the story. */
  readonly to: number;
}

/** With the numbers of the events that began and ended it. */
interface Found extends Named {
  readonly first: number;
  readonly last: number;
}

const never = Number.POSITIVE_INFINITY;

/** The waits and holds of a story, as docs/VOCABULARY.md defines them, in the order of their ends. */
function truth({ events }: LockStory): { waits: Found[]; holds: Found[] } {
  const waits: Found[] = [];
  const holds: Found[] = [];
  const asking = new Map<string, Omit<Found, "to" | "last"> & { failed: boolean }>();
  const held = new Map<string, Omit<Found, "to" | "last">[]>();
  for (const [i, { kind, task, mm, mode, time, value, aux }] of events.entries()) {
    const key = `${task} ${mm}`;
    const stack = held.get(key) ?? [];
    held.set(key, stack);
    const letGo = (): void => {
      const hold = stack.pop();
      if (hold !== undefined) holds.push({ ...hold, to: time, last: i });
    };
    const asks = asking.get(key);
    if (kind === "mmap_lock_start_locking") {
      asking.set(key, { task, mm, mode, from: asks?.from ?? time, first: asks?.first ?? i, failed: false });
    } else if (kind === "op_end") {
      for (const [at, one] of asking) if (one.task === task && one.failed) asking.delete(at);
    } else if (kind === "mmap_lock_released") {
      letGo();
    } else if (kind === "mmap_lock_acquire_returned" && value === 0) {
      if (asks !== undefined) asking.set(key, { ...asks, failed: true });
    } else if (kind === "mmap_lock_acquire_returned") {
      if (aux === 1) letGo();
      else if (asks !== undefined) waits.push({ ...asks, mode, to: time, last: i });
      if (aux === 0) asking.delete(key);
      stack.push({ task, mm, mode, from: time, first: i });
    }
  }
  const open = { to: never, last: never };
  for (const asks of asking.values()) if (!asks.failed) waits.push({ ...asks, ...open });
  for (const stack of held.values()) for (const hold of stack) holds.push({ ...hold, ...open });
  return { waits, holds };
}

function written(spans: readonly Named[]): string[] {
  return spans.map(({ task, mm, mode, from, to }) => `t${task} ${mm} ${mode} ${from}..${to}`).sort();
}

/** What a distribution knows of some spans that are over, by task, mm and mode: how many, their sum, the shortest and the longest. */
function summed(spans: readonly Named[]): string[] {
  const groups = new Map<string, number[]>();
  for (const { task, mm, mode, from, to } of spans.filter(isOver)) {
    const key = `${mm} ${mode} t${task}`;
    groups.set(key, [...(groups.get(key) ?? []), to - from]);
  }
  return [...groups].map(([key, group]) => `${key}: ${figures(group)}`).sort();
}

function figures(ns: readonly number[]): string {
  const sum = ns.reduce((a, b) => a + b, 0);
  return ns.length === 0 ? "0 0 0 0" : `${ns.length} ${sum} ${Math.min(...ns)} ${Math.max(...ns)}`;
}

function isOver({ to }: Named): boolean {
  return to !== never;
}

function lasted({ from, to }: { from: number; to: number }): boolean {
  return to > from;
}

/** How long `one` lay between `from` and `to`. */
function within(one: { from: number; to: number }, from: number, to: number): number {
  return Math.max(0, Math.min(one.to, to) - Math.max(one.from, from));
}

function everyStory(check: (story: LockStory) => void): void {
  fc.assert(fc.property(lockStories, check), { numRuns: 2000 });
}

test("lock_stat names the waits and holds of the vocabulary, and how many are open", () => {
  everyStory((story) => {
    const stat = new LockStat([]);
    tell(stat, story);
    const { waits, holds } = truth(story);
    const { histograms, counts } = stat.metrics();
    const found = (metric: string): string[] =>
      [...histograms].flatMap(([key, { count, sum, min, max }]) => {
        const { name, tags } = parseMetricKey(key);
        if (name !== metric || tags.mm === undefined || count === 0) return [];
        return [`${tags.mm} ${tags.mode} ${tags.role}: ${count} ${sum} ${min} ${max}`];
      });
    expect(found("mmap_sem.wait").sort()).toEqual(summed(waits));
    expect(found("mmap_sem.hold").sort()).toEqual(summed(holds));
    const open = (metric: string): number =>
      [...counts].reduce((sum, [key, n]) => sum + (parseMetricKey(key).name === metric ? n : 0), 0);
    expect(open("mmap_sem.wait_open")).toBe(waits.filter((wait) => !isOver(wait)).length);
    expect(open("mmap_sem.hold_open")).toBe(holds.filter((hold) => !isOver(hold)).length);
  });
});

test("the ledger charges the waits of the vocabulary, to tasks that have the lock", () => {
  everyStory((story) => {
    const charged: ChargedWait[] = [];
    tell(new BlameLedger((wait) => charged.push(wait)), story);
    expect(written(charged)).toEqual(written(truth(story).waits.filter(isOver).filter(lasted)));
    for (const { from, to, charges } of charged) {
      expect(charges.reduce((sum, charge) => sum + charge.to - charge.from, 0)).toBe(to - from);
    }
  });
});

test("the longest wait is the longest of the vocabulary, and one that is open lasts to the end of the run", () => {
  everyStory((story) => {
    const longest = new LongestWait();
    tell(longest, story);
    const waits = truth(story).waits.map((wait) => ({ ...wait, to: Math.min(wait.to, story.end) }));
    const ofMode = (mode: Mode): number =>
      waits.reduce((most, wait) => (wait.mode === mode ? Math.max(most, wait.to - wait.from) : most), 0);
    const wait = longest.wait(story.end);
    expect(wait === null ? 0 : wait.to - wait.from).toBe(ofMode("R") || ofMode("W"));
    if (wait !== null) expect(written(waits)).toContain(written([wait])[0]);
  });
});

test("a convoy's waits are those of the vocabulary", () => {
  everyStory((story) => {
    const convoys = new Convoys();
    tell(convoys, story);
    const { waits } = truth(story);
    for (const { mm, onset, drain_ns, held_ns, waited_ns } of convoys.worst) {
      const end = onset + held_ns + drain_ns;
      const inside = waits.filter((wait) => wait.mm === mm && wait.from >= onset && wait.to <= end);
      expect(waited_ns).toBe(inside.reduce((sum, { from, to }) => sum + to - from, 0));
      expect(waits.filter((wait) => wait.mm === mm && wait.from < onset && wait.to > onset)).toEqual([]);
    }
  });
});

test("the steps of a load count the waits and acquisitions of the vocabulary", () => {
  everyStory((story) => {
    const each_ns = 1_000_000;
    const steps = Array.from({ length: Math.ceil(story.end / each_ns) }, (_, i) => i + 1);
    const figuresOf = new LoadStepFigures({ tasks: [], steps, each_ns } as never, new Set());
    tell(figuresOf, story);
    const { waits, holds } = truth(story);
    const downgraded = (hold: Found): boolean => story.events[hold.first]?.aux === 1;
    for (const { from_ns, to_ns, waited_ns, acquisitions } of figuresOf.steps(story.end)) {
      const last = Math.min(to_ns, story.end);
      for (const mode of ["R", "W"] as const) {
        const waited = waits
          .filter((wait) => wait.mode === mode)
          .reduce((sum, wait) => sum + within(wait, from_ns, last), 0);
        expect(waited_ns[mode]).toBe(waited);
        const taken = holds.filter(
          (hold) => hold.mode === mode && hold.from >= from_ns && hold.from < to_ns && !downgraded(hold),
        );
        expect(acquisitions[mode]).toBe(taken.length);
      }
    }
  });
});

test("who waited behind a long hold is who waits by the vocabulary", () => {
  everyStory((story) => {
    const ends = new HoldEnds();
    tell(ends, story);
    const { waits, holds } = truth(story);
    const isQueued = ({ task, mm, first }: Found, at: number): boolean => {
      const own = story.events.slice(first, at).filter((e) => e.task === task && e.mm === mm);
      const changes = own.filter(({ kind }) => kind === "contention_begin" || kind === "mmap_lock_acquire_returned");
      return changes.at(-1)?.kind === "contention_begin";
    };
    const isOneOf = (hold: Found, at: number): boolean => hold.first < at && hold.last > at;
    const grants = waits.filter(isOver).flatMap((wait) => {
      const { mm, mode, to } = wait;
      const behind = holds.filter(
        (hold) =>
          hold.mm === mm &&
          hold.to - hold.from >= 1_000_000 &&
          hold.last > wait.first &&
          hold.last < wait.last &&
          isQueued(wait, hold.last) &&
          !holds.some((other) => other.mm === mm && isOneOf(other, hold.last)),
      );
      return behind.length === 0 ? [] : [{ mode, ns: to - Math.max(...behind.map((hold) => hold.to)) }];
    });
    for (const mode of ["R", "W"] as const) {
      const histogram = ends.metrics().histograms.get(`mmap_sem.grant_after_hold{mode=${mode}}`);
      const { count, sum, min, max } = histogram as NonNullable<typeof histogram>;
      const expected = figures(grants.filter((grant) => grant.mode === mode).map(({ ns }) => ns));
      expect(`${count} ${sum} ${min} ${max}`).toBe(expected);
    }
  });
});

test("the holds that the warm-up is cut by are those of the vocabulary, in the order of their ends", () => {
  everyStory((story) => {
    const series = new HoldSeries();
    tell(series, story);
    const found = series.holds.map((ns, i) => `${series.ends[i]} ${ns}`);
    expect(found).toEqual(
      truth(story)
        .holds.filter(isOver)
        .map(({ from, to }) => `${to} ${to - from}`),
    );
  });
});

test("a litmus recorder writes down the holds of the vocabulary", () => {
  everyStory((story) => {
    const recorder = new LitmusRecorder();
    tell(recorder, story);
    recorder.close(story.end);
    const held = recorder.timeline.flatMap(({ what, from, to, mode }) =>
      what === "hold" ? [`${mode} ${from}..${to}`] : [],
    );
    const own = truth(story).holds.filter(({ task }) => task === 0);
    expect(held.sort()).toEqual(own.map(({ mode, from, to }) => `${mode} ${from}..${Math.min(to, story.end)}`).sort());
  });
});

/** A window of a story from its middle on. */
function windowOf(story: LockStory): EventWindow {
  const recorder = new WindowRecorder(Math.round(story.end / 3), story.end, 1000);
  tell(recorder, story);
  return { ...recorder.window("story", "v3.17", "1", story.end), tasks: story.tasks };
}

/** The spans that a window has a part of. */
function lastingInto(spans: readonly Named[], window: EventWindow): Named[] {
  return spans.filter(({ to }) => to >= window.from_ns);
}

test("the slices of a page's window are the waits and holds of the vocabulary", () => {
  everyStory((story) => {
    const window = windowOf(story);
    const slices = windowSlices(window).map(({ to, ...slice }) => ({ ...slice, to: to ?? never }));
    const named = (what: string): Named[] =>
      slices.flatMap(({ kind, ...slice }): Named[] =>
        kind.startsWith(what) ? [{ ...slice, mode: kind.at(-1) as Mode }] : [],
      );
    const { waits, holds } = truth(story);
    expect(written(named("hold-"))).toEqual(written(lastingInto(holds, window)));
    const ended = lastingInto(waits.filter(isOver).filter(lasted), window);
    expect(written(window.waits)).toEqual(written(ended));
    expect(written(named("wait-"))).toEqual(written(waits.filter((wait) => !isOver(wait))));
  });
});

test("the lanes of a picture are the waits and holds of the vocabulary", () => {
  everyStory((story) => {
    const window = windowOf(story);
    const lanes = lanesOf(window);
    const cut = (spans: readonly Named[]): Named[] =>
      spans
        .map((span) => ({ ...span, from: Math.max(span.from, lanes.from), to: Math.min(span.to, lanes.to) }))
        .filter(lasted);
    const { waits, holds } = truth(story);
    expect(written(lanes.tasks.flatMap((lane) => lane.holds))).toEqual(written(cut(holds)));
    expect(written(lanes.tasks.flatMap((lane) => lane.waits))).toEqual(written(cut(waits)));
  });
});

test("the intervals of a Chrome timeline are the waits and holds of the vocabulary", () => {
  everyStory((story) => {
    const window = windowOf(story);
    const intervals = intervalsOf(window);
    const named = (what: string): Named[] =>
      intervals.flatMap(({ kind, task, from, to, begin: { mm, mode } }) =>
        kind === what ? [{ task, mm, mode, from, to }] : [],
      );
    const { waits, holds } = truth(story);
    expect(written(named("hold").filter(({ to }) => to >= window.from_ns))).toEqual(
      written(lastingInto(holds, window)),
    );
    expect(written(named("wait"))).toEqual(written(waits.filter((wait) => !isOver(wait))));
  });
});
