import { paired } from "../../spans/paired.ts";
import { hearsSaved } from "../../../test/support/saved-events.ts";
import { expect, test } from "vitest";
import { loadScenario } from "../../../scenarios/load.ts";
import { parseVariant } from "../../kernels/variant.ts";
import { runScenario } from "../../run.ts";
import type { SavedEvent } from "../../trace/event.ts";
import { feed } from "../../../test/support/event-feed.ts";
import { WindowRecorder } from "./event-window.ts";
import type { OperationPath } from "./window.ts";

const { scenario } = loadScenario("kvm-swap");
const plain = parseVariant("plain");

class All {
  readonly hears = hearsSaved((e) => this.event(e)).hears;
  readonly events: SavedEvent[] = [];
  event(e: SavedEvent): void {
    this.events.push({ ...e });
  }
}

function recorded(from: number, to: number, limit = 100_000) {
  const [recorder, all] = [new WindowRecorder(from, to, limit), new All()];
  runScenario(scenario, plain, "1", paired([recorder, all]));
  return { window: recorder.window("kvm-swap", "plain", "1"), all: all.events };
}

test("a window has the events of its stretch, both ends included, and no others", () => {
  const { window, all } = recorded(20_000_000, 40_000_000);
  expect(window.events.length).toBeGreaterThan(20);
  expect(window.events).toEqual(all.filter(({ time }) => time >= 20_000_000 && time <= 40_000_000));
  expect(window.left_out).toBe(0);
});

test("a window reaches no further than the run", () => {
  const recorder = new WindowRecorder(10, 500, 100);
  expect(recorder.window("s", "v", "1", 200).to_ns).toBe(200);
  expect(recorder.window("s", "v", "1", 5).to_ns).toBe(10);
});

test("a window that holds too many events keeps the first ones and says how many are missing", () => {
  const { window, all } = recorded(20_000_000, 40_000_000, 7);
  const whole = all.filter(({ time }) => time >= 20_000_000 && time <= 40_000_000);
  expect(window.events).toEqual(whole.slice(0, 7));
  expect(window.left_out).toBe(whole.length - 7);
});

test("what was held, slept and waited for when the window begins is in it, as an observer of all events finds it", () => {
  const from = 20_000_000;
  const { window, all } = recorded(from, 40_000_000);
  const held = new Map<string, number>();
  const asleep = new Map<number, number>();
  for (const { kind, task, mm, time, value } of all.filter((e) => e.time < from)) {
    if (kind === "mmap_lock_acquire_returned" && value === 1) held.set(`${task} ${mm}`, time);
    if (kind === "mmap_lock_released") held.delete(`${task} ${mm}`);
    if (kind === "sleep") asleep.set(task, time);
    if (kind === "wake") asleep.delete(task);
  }
  const kept = (of: SavedEvent["kind"]) => window.before.filter(({ kind }) => kind === of);
  const inOrder = (pairs: Iterable<readonly [unknown, number]>) => [...pairs].map(String).sort();
  const locks = kept("mmap_lock_acquire_returned").map((e) => [`${e.task} ${e.mm}`, e.time] as const);
  expect(locks.length).toBeGreaterThan(0);
  expect(inOrder(locks)).toEqual(inOrder(held));
  expect(inOrder(kept("sleep").map((e) => [e.task, e.time] as const))).toEqual(inOrder(asleep));
  expect(window.before.map(({ time }) => time)).toEqual(window.before.map(({ time }) => time).sort((a, b) => a - b));
});

test("of two operations of one task that overlap, the one that goes on is in the window", () => {
  const recorder = new WindowRecorder(40, 60, 10);
  feed(
    recorder,
    `
    10 vcpu op_begin label=touch value=1
    20 vcpu op_begin label=touch value=2
    30 vcpu op_end   label=touch value=1
    `,
  );
  expect(recorder.window("s", "v", "1").before.map(({ value }) => value)).toEqual([2]);
});

test("the waits of a window overlap it and are charged to the nanosecond; so do its operations, and those of its waits are among them", () => {
  const [from, to] = [20_000_000, 60_000_000];
  const { window } = recorded(from, to);
  expect(window.waits.length).toBeGreaterThan(0);
  for (const wait of window.waits) {
    expect(wait.from <= to && wait.to >= from).toBe(true);
    expect(wait.charges.reduce((sum, charge) => sum + charge.to - charge.from, 0)).toBe(wait.to - wait.from);
  }
  expect(window.paths.length).toBeGreaterThan(0);
  for (const path of window.paths) expect(path.from <= to && path.to >= from).toBe(true);
  const isOf = (wait: { task: number; from: number; to: number }) => (path: OperationPath) =>
    path.task === wait.task && path.from <= wait.from && path.to >= wait.to;
  const readers = window.waits.filter(({ site }) => site === "show_pid_map" || site === "get_user_page_nowait");
  expect(readers.filter((wait) => !window.paths.some(isOf(wait)))).toEqual([]);
});
