import { paired } from "../../../sim/spans/paired.ts";
import { expect, test } from "vitest";
import { loadScenario } from "../../../scenarios/load.ts";
import { parseVariant } from "../../../sim/kernels/variant.ts";
import { WindowRecorder } from "../../../sim/measure/window/event-window.ts";
import { LockStat } from "../../../sim/measure/lock/lock-stat.ts";
import { samplesWhere } from "../../../sim/measure/metrics/metrics.ts";
import { runScenario } from "../../../sim/run.ts";
import { queuedStory, storyWindow } from "../../../test/support/picture-data.ts";
import { lanesOf, type Span } from "./timeline-lanes.ts";

const times = (spans: readonly Span[]): [number, number][] => spans.map(({ from, to }) => [from, to]);

test("a story of a worker, a writer and a reader is three lanes and one lock", () => {
  const { tasks, locks, longest } = lanesOf(storyWindow(queuedStory, 0, 9_000_000));
  // The reader waited longest, behind the writer, for the worker.
  expect(tasks.map(({ task }) => task)).toEqual([2, 1, 0]);
  const [reader, writer, worker] = tasks;
  expect(times(worker?.holds ?? [])).toEqual([[0, 8_012_000]]);
  expect(worker?.off).toEqual([{ from: 10_000, to: 8_010_000, doing: "swap" }]);
  expect(times(writer?.waits ?? [])).toEqual([[20_000, 8_015_000]]);
  expect(times(writer?.holds ?? [])).toEqual([[8_015_000, 8_017_000]]);
  expect(times(reader?.waits ?? [])).toEqual([[30_000, 8_020_000]]);
  expect(locks.map(({ mm }) => mm)).toEqual(["qemu"]);
  expect(times(locks[0]?.writers ?? [])).toEqual([[8_015_000, 8_017_000]]);
  expect(locks[0]?.readers).toEqual([
    { time: 0, value: 1 },
    { time: 8_012_000, value: 0 },
    { time: 8_020_000, value: 1 },
    { time: 8_030_000, value: 0 },
  ]);
  expect(locks[0]?.waiting).toEqual([
    { time: 20_000, value: 1 },
    { time: 30_000, value: 2 },
    { time: 8_015_000, value: 1 },
    { time: 8_020_000, value: 0 },
  ]);
  expect(longest).toMatchObject({ wait: { task: 2 }, charge: { holder: 0, cause: "swap" } });
  // Charged to the sleep from 30 us to 8.01 ms, of 7.99 ms.
  expect(longest?.share).toBeCloseTo(7_980_000 / 7_990_000, 9);
});

test("what lasts into the window begins with it, what lasts beyond it ends with it", () => {
  const { tasks } = lanesOf(storyWindow(queuedStory, 1_000_000, 2_000_000));
  expect(tasks.map(({ task, holds, waits }) => [task, times(holds), times(waits)])).toEqual([
    [2, [], [[1_000_000, 2_000_000]]],
    [1, [], [[1_000_000, 2_000_000]]],
    [0, [[1_000_000, 2_000_000]], []],
  ]);
});

test("where events were left out the strip ends with the last one kept", () => {
  expect(lanesOf(storyWindow(queuedStory, 0, 9_000_000, 7))).toMatchObject({ from: 0, to: 30_000 });
});

test("a downgrade ends the writer's hold and begins a reader's", () => {
  const story = `
    0 a start mm=m mode=W
    0 a got mm=m mode=W
    5 a downgraded mm=m
    9 a released mm=m mode=R`;
  const [lane] = lanesOf(storyWindow(story, 0, 10)).tasks;
  expect(lane?.holds.map(({ mode, from, to }) => [mode, from, to])).toEqual([
    ["W", 0, 5],
    ["R", 5, 9],
  ]);
});

test("a failed trylock and the lock that follows it are one wait; a quiet window has no lanes", () => {
  const story = `
    0 a start mm=m mode=R
    2 a failed mm=m mode=R
    3 a start mm=m mode=R
    7 a got mm=m mode=R
    9 a released mm=m mode=R`;
  expect(times(lanesOf(storyWindow(story, 0, 10)).tasks[0]?.waits ?? [])).toEqual([[0, 7]]);
  expect(lanesOf(storyWindow("0 a sleep label=swap", 0, 10))).toEqual({
    from: 0,
    to: 10,
    locks: [],
    tasks: [],
    longest: null,
  });
});

test("over a whole run the lanes hold and wait as long as lock_stat counts, to the nanosecond", () => {
  const { scenario } = loadScenario("kvm-swap");
  const short = { ...scenario, duration_ns: 100_000_000 };
  for (const variant of ["plain", "v6.18"]) {
    const [recorder, stat] = [new WindowRecorder(0, 200_000_000, 1e6), new LockStat([])];
    runScenario(short, parseVariant(variant), "1", paired([recorder, stat]));
    const window = recorder.window("kvm-swap", variant, "1");
    // lock_stat counts what is over.
    const { tasks, to } = lanesOf(window);
    const over = (of: "holds" | "waits", mode: string): number =>
      tasks
        .flatMap((lane) => lane[of])
        .reduce((sum, span) => sum + (span.mode === mode && span.to < to ? span.to - span.from : 0), 0);
    for (const mode of ["R", "W"]) {
      const counted = (name: string): number => samplesWhere(stat.metrics(), name, { mode }).sum;
      expect(counted("mmap_sem.hold")).toBeGreaterThan(0);
      expect(over("holds", mode)).toBe(counted("mmap_sem.hold"));
      expect(over("waits", mode)).toBe(counted("mmap_sem.wait"));
    }
  }
});
