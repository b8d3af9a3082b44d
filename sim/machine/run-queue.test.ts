import { describe, expect, test } from "vitest";
import { Simulation } from "../engine/simulation.ts";
import { Task } from "../engine/task.ts";
import { RunQueue } from "./run-queue.ts";
import { newEntity, type SchedEntity } from "./sched-entity.ts";

const ms = 1_000_000;

function entities(n: number): SchedEntity[] {
  const sim = new Simulation(ms);
  return Array.from({ length: n }, (_, i) => {
    const entity = newEntity(new Task(sim, `t${i}`, () => {}), 0, 0);
    entity.isNew = false;
    return entity;
  });
}

/** A queue whose first entity has run alone for a while, with another at hand. */
function busy(): { queue: RunQueue; running: SchedEntity; woken: SchedEntity } {
  const queue = new RunQueue({ sched_slice: 3 * ms, host_tick: 4 * ms });
  const [running, woken] = entities(2) as [SchedEntity, SchedEntity];
  queue.enqueue(running, 0);
  queue.setCurr(running, 0);
  return { queue, running, woken };
}

describe("the run queue of a CPU (EEVDF)", () => {
  test("a task that is owed nothing does not take the CPU from one within its slice", () => {
    const { queue, running, woken } = busy();
    queue.enqueue(woken, ms);
    expect(queue.pick()).toBe(running);
  });

  test("a task that is owed service when it wakes takes the CPU at once", () => {
    const { queue, woken } = busy();
    woken.vlag = 10_000;
    queue.enqueue(woken, ms);
    expect(queue.pick()).toBe(woken);
  });

  test("a task that has had too much waits", () => {
    const { queue, running, woken } = busy();
    woken.vlag = -10_000;
    queue.enqueue(woken, ms);
    expect(queue.pick()).toBe(running);
  });

  test("after its slice the running task gives way to one that is owed service", () => {
    const { queue, woken } = busy();
    queue.enqueue(woken, 0);
    expect(queue.updateCurr(2 * ms)).toBe(false);
    expect(queue.updateCurr(3 * ms)).toBe(true);
    expect(queue.pick()).toBe(woken);
  });

  test("alone it runs on, whatever it has had", () => {
    const { queue, running } = busy();
    expect(queue.updateCurr(30 * ms)).toBe(false);
    expect(queue.pick()).toBe(running);
  });

  test("a task that sleeps with too much of the CPU stays in the queue until it has paid (DELAY_DEQUEUE)", () => {
    const { queue, running, woken } = busy();
    queue.enqueue(woken, 0);
    expect(queue.sleepCurr(ms, false)).toBe(true);
    expect(running.delayed).toBe(true);
    expect(queue.pick()).toBe(woken);
    queue.setCurr(woken, ms);
    queue.updateCurr(3 * ms);
    // Both have had their share: who slept is eligible again, is picked, and only then leaves.
    queue.take(running, false);
    expect(running.vlag).toBe(0);
    expect(running.onRq).toBe(false);
  });

  test("a task that sleeps while it is owed service is owed it when it wakes (PLACE_LAG)", () => {
    const { queue, running, woken } = busy();
    queue.enqueue(woken, 0);
    queue.updateCurr(4 * ms);
    queue.putCurr(4 * ms);
    queue.setCurr(woken, 4 * ms);
    expect(queue.sleepCurr(5 * ms, false)).toBe(false);
    expect(woken.vlag).toBe(1.5 * ms);
    queue.setCurr(running, 5 * ms);
    queue.enqueue(woken, 6 * ms);
    expect(queue.pick()).toBe(woken);
  });

  test("a dead task does not stay, whatever it has had", () => {
    const { queue, woken } = busy();
    queue.enqueue(woken, 0);
    expect(queue.sleepCurr(ms, true)).toBe(false);
  });
});
