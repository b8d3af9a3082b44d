import { paired } from "../../../sim/spans/paired.ts";
import { hearsSaved } from "../../../test/support/saved-events.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { loadScenario } from "../../../scenarios/load.ts";
import { parseVariant } from "../../../sim/kernels/variant.ts";
import { WindowRecorder } from "../../../sim/measure/window/event-window.ts";
import type { EventWindow } from "../../../sim/measure/window/window.ts";
import { runScenario } from "../../../sim/run.ts";
import type { SavedEvent } from "../../../sim/trace/event.ts";
import { feed } from "../../../test/support/event-feed.ts";
import { chargesOf, segmentsOf, victimsOf } from "../../page/timeline/blame-of.ts";
import { type PageWindow, sliceKinds } from "../../page/data.ts";
import { lockSteps } from "../../page/timeline/lanes.ts";
import { pageWindow, pathOfWait } from "./page-window.ts";
import { windowSlices } from "./window-slices.ts";

const from = 20_000_000;
const to = 120_000_000;
let window: EventWindow;
let page: PageWindow;
let events: SavedEvent[];

class All {
  readonly hears = hearsSaved((e) => this.event(e)).hears;
  event(e: SavedEvent): void {
    events.push({ ...e });
  }
}

function recorded(limit: number): EventWindow {
  events = [];
  const recorder = new WindowRecorder(from, to, limit);
  runScenario(loadScenario("kvm-swap").scenario, parseVariant("plain"), "1", paired([recorder, new All()]));
  return recorder.window("kvm-swap", "plain", "1");
}

/** Who has the lock and who waits for it at each moment, by reading the trace again. */
function reference(at: number): { have: number; wait: number } {
  const have = new Set<number>();
  const wait = new Set<number>();
  for (const { kind, time, task, value } of events) {
    if (time > at) break;
    if (kind === "mmap_lock_start_locking") wait.add(task);
    if (kind === "granted" || (kind === "mmap_lock_acquire_returned" && value === 1)) {
      wait.delete(task);
      have.add(task);
    }
    if (kind === "mmap_lock_released") have.delete(task);
  }
  return { have: have.size, wait: wait.size };
}

describe("a window as a page has it", () => {
  beforeAll(() => {
    window = recorded(100_000);
    page = pageWindow(window, 0);
  });

  test("keeps every charge and every segment, so that they sum to the waits and the latencies", () => {
    expect(page.waits.length).toBeGreaterThan(50);
    for (const wait of page.waits) {
      const charges = chargesOf(page, wait);
      expect(charges[0]?.from).toBe(wait.from);
      expect(charges.at(-1)?.to).toBe(wait.to);
      expect(charges.reduce((sum, one) => sum + one.to - one.from, 0)).toBe(wait.to - wait.from);
    }
    for (const path of page.paths) {
      const sum = segmentsOf(page, path).reduce((total, one) => total + one.to - one.from, 0);
      expect(sum).toBe(path.to - path.from);
    }
  });

  test("gives the charges back as the ledger had them", () => {
    const at = page.waits.findIndex(({ charges }) => charges.length > 7);
    const kept = window.waits.filter((wait) => wait.to > wait.from)[at];
    const shifted = kept?.charges.map((charge) => ({ ...charge, from: charge.from - from, to: charge.to - from }));
    const wait = page.waits[at];
    expect(wait && chargesOf(page, wait)).toEqual(shifted);
  });

  test("shows at each moment who has the lock and who waits, as the whole trace says", () => {
    const steps = lockSteps(page, 0);
    expect(steps.length).toBeGreaterThan(100);
    for (const [i, { at, readers, writers, waitingReaders, waitingWriters }] of steps.entries()) {
      if (i % 7 !== 0 || at === 0) continue;
      expect({ have: readers + writers, wait: waitingReaders + waitingWriters }).toEqual(reference(from + at));
    }
  });

  test("has each wait once, also one that outlasts the window", () => {
    const starts = page.slices.kind.flatMap((kind, i) =>
      sliceKinds[kind]?.startsWith("wait-") ? [`${page.slices.task[i]} ${page.slices.from[i]}`] : [],
    );
    expect(new Set(starts).size).toBe(starts.length);
    expect(page.waits.some(({ to: end }) => end > page.length)).toBe(true);
  });

  test("finds the operation that a wait delayed: its path has the task wait for a lock all that time", () => {
    const withPath = page.waits.filter(({ path }) => path >= 0);
    expect(withPath.length).toBeGreaterThan(page.waits.length / 2);
    for (const wait of withPath) {
      const path = page.paths[wait.path];
      const own = path === undefined ? [] : segmentsOf(page, path).filter(({ task }) => task === wait.task);
      expect(own.some((one) => one.from >= wait.from && one.to <= wait.to && one.doing === "mmap_sem")).toBe(true);
    }
  });

  test("tells of a hold whom it made wait, and how much of each wait", () => {
    const [wait] = page.waits.filter(({ charges }) => charges.length > 7);
    const charge = wait && chargesOf(page, wait).find(({ holderMode }) => holderMode === "R");
    const victims = charge && victimsOf(page, charge.holder, charge.from, charge.to);
    const at = wait === undefined ? -1 : page.waits.indexOf(wait);
    expect(victims?.find((one) => one.wait === at)?.ns).toBe(charge && charge.to - charge.from);
  });

  test("ends where its events end when some were left out, and has no wait that begins later", () => {
    const cut = pageWindow(recorded(300), 0);
    expect(cut.left_out).toBeGreaterThan(0);
    expect(cut.length).toBe((events.filter(({ time }) => time >= from)[299]?.time ?? 0) - from);
    expect(cut.waits.every((wait) => wait.from < cut.length)).toBe(true);
  });
});

test("slices are what a story tells: a wait that is not over, a grant, a downgrade, a run queue, an IO", () => {
  const recorder = new WindowRecorder(100, 1000, 100);
  feed(
    recorder,
    `
     10 w start    mm=m mode=W site=munmap
     10 w got      mm=m mode=W site=munmap
     50 - io_submit label=disk value=7 aux=1
    150 r start    mm=m mode=R site=maps
    200 w downgraded mm=m site=munmap
    210 r granted  mm=m mode=R site=maps
    230 r got      mm=m mode=R site=maps
    300 r sched_out
    340 r sched_in value=40
    400 - io_complete label=disk value=7 aux=1
    500 w released mm=m mode=R site=munmap
    600 w start    mm=m mode=W site=mmap
  `,
  );
  const told = windowSlices(recorder.window("s", "v", "1")).map(
    ({ kind, task, from: a, to: b, name }) => `${kind} ${task} ${a} ${b} ${name}`,
  );
  expect(told).toEqual([
    "hold-W 0 10 200 munmap",
    "granted 1 210 230 maps",
    "run-queue 1 300 340 run-queue",
    "io -1 50 400 disk",
    "hold-R 0 200 500 munmap",
    "hold-R 1 230 null maps",
    "wait-W 0 600 null mmap",
  ]);
});

test("a wait that no operation of the window had belongs to none", () => {
  const wait = { task: 1, mm: "m", mode: "R" as const, site: "maps", from: 0, to: 10, charges: [] };
  expect(pathOfWait(wait, [])).toBe(-1);
});
