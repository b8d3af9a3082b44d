import { describe, expect, test } from "vitest";
import { Simulation } from "../engine/simulation.ts";
import { Task } from "../engine/task.ts";
import { LoadAverage } from "./load-average.ts";
import { selectTaskRq } from "./placement.ts";
import { newEntity, type SchedEntity } from "./sched-entity.ts";
import { WakeeFlips } from "./wakee-flips.ts";

const machine = (available: readonly number[], loads: readonly number[] = [0, 0, 0, 0]) => ({
  count: 4,
  isAvailable: (cpu: number) => available.includes(cpu),
  loadOf: (cpu: number): LoadAverage => {
    const average = new LoadAverage();
    average.attach(loads[cpu] ?? 0, 0);
    return average;
  },
});

function sleeper(cpu: number, recent = cpu): SchedEntity {
  const entity = newEntity(new Task(new Simulation(1), "sleeper", () => {}), cpu, 0);
  entity.recentCpu = recent;
  entity.load = 0.1;
  return entity;
}

describe("the CPU of a woken task", () => {
  test("is the one it was on, when that is idle", () => {
    expect(selectTaskRq(machine([1, 2]), sleeper(1), 0, new WakeeFlips())).toBe(1);
  });

  test("is one it was on before, when its last one is busy and that is idle", () => {
    expect(selectTaskRq(machine([2, 3]), sleeper(1, 3), 0, new WakeeFlips())).toBe(3);
  });

  test("is any idle one, when those it knows are busy", () => {
    expect(selectTaskRq(machine([2]), sleeper(1), 0, new WakeeFlips())).toBe(2);
  });

  test("is its old one when no CPU is idle and both are equally busy", () => {
    expect(selectTaskRq(machine([], [0.5, 0.5]), sleeper(1), 0, new WakeeFlips())).toBe(1);
  });

  test("is its waker's when no CPU is idle and its old one is much busier", () => {
    expect(selectTaskRq(machine([], [0.2, 0.9]), sleeper(1), 0, new WakeeFlips())).toBe(0);
  });

  test("is its old one, however busy, when waker and woken wake too many others for one CPU (wake_wide)", () => {
    const [server, woken] = [new WakeeFlips(), sleeper(1)];
    server.count = 100;
    woken.flips.count = 10;
    expect(selectTaskRq(machine([], [0.2, 0.9]), woken, 0, server)).toBe(1);
  });
});
