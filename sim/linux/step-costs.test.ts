import { expect, test } from "vitest";
import { testCosts } from "../../test/support/small-scenario.ts";
import { Simulation } from "../engine/simulation.ts";
import { Task } from "../engine/task.ts";
import { stepCosts } from "./step-costs.ts";

const law = { kind: "lognormal", p50_ns: 1000, p99_ns: 10_000 } as const;
const costs = {
  ...testCosts({ find_vma: 50 }),
  mmap_region: { value_ns: 1000, law, provenance: "measured", origin: "a test" } as const,
};

/** What a task is charged for mmap in each of its operations, so many times. */
function charged(seed: string, counts: readonly number[]): number[][] {
  const sim = new Simulation(1);
  const task = new Task(sim, "writer", () => {});
  sim.acting = task;
  const steps = stepCosts(costs, sim, seed);
  return counts.map((n, operation) => {
    task.begins(operation);
    return Array.from({ length: n }, () => steps.mmap_region);
  });
}

test("a constant cost is a number, a law is drawn each time", () => {
  expect(stepCosts(costs, new Simulation(1), "1").find_vma).toBe(50);
  const [draws = []] = charged("1", [1000]);
  expect(new Set(draws).size).toBeGreaterThan(500);
  const median = draws.toSorted((a, b) => a - b)[500] as number;
  expect(median).toBeGreaterThan(850);
  expect(median).toBeLessThan(1150);
});

test("the n-th draw in an operation is the same, however many the operations before it had", () => {
  expect(charged("1", [1, 2])[1]).toEqual(charged("1", [7, 2])[1]);
  expect(charged("1", [1, 2])).not.toEqual(charged("2", [1, 2]));
});
