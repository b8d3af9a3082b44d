import { expect, test } from "vitest";
import { Simulation } from "../engine/simulation.ts";
import { Task } from "../engine/task.ts";
import { newEntity, type SchedEntity } from "./sched-entity.ts";
import { wakeWide, WakeeFlips } from "./wakee-flips.ts";

const tick = 4_000_000;
const second = 1_000_000_000;

function entities(n: number): SchedEntity[] {
  const sim = new Simulation(second);
  return Array.from({ length: n }, (_, i) => newEntity(new Task(sim, `t${i}`, () => {}), 0, 0));
}

function flips(count: number): WakeeFlips {
  const made = new WakeeFlips();
  made.count = count;
  return made;
}

test("a task that wakes the same one again and again does not flip", () => {
  const [a] = entities(1) as [SchedEntity];
  const waker = new WakeeFlips();
  for (let i = 0; i < 5; i++) waker.record(a, 0, tick);
  expect(waker.count).toBe(1);
});

test("flips are halved once more than a second has passed, and once only", () => {
  const [a, b] = entities(2) as [SchedEntity, SchedEntity];
  const waker = new WakeeFlips();
  for (let i = 0; i < 4; i++) for (const wakee of [a, b]) waker.record(wakee, 0, tick);
  waker.record(a, second, tick);
  expect(waker.count).toBe(9);
  waker.record(a, 3 * second, tick);
  expect(waker.count).toBe(4);
});

test("a wakee is not pulled to its waker when one of them wakes many more tasks than the other, and neither only one", () => {
  expect(wakeWide(flips(8), flips(4), 2)).toBe(true);
  expect(wakeWide(flips(4), flips(8), 2)).toBe(true);
  expect(wakeWide(flips(7), flips(4), 2)).toBe(false);
  expect(wakeWide(flips(8), flips(1), 2)).toBe(false);
});
