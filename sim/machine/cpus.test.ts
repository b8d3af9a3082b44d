import { describe, expect, test } from "vitest";
import { KeyedDraws } from "../engine/random.ts";
import { Simulation } from "../engine/simulation.ts";
import { Task } from "../engine/task.ts";
import { wakeUpLaws } from "./cpus.ts";

const costs = { wake_up: 4_000, wake_up_p99: 10_000, wake_up_reader: 0, wake_up_reader_p99: 0, wake_up_irq: 0 };

describe("the latency of a wake-up", () => {
  const operations = new KeyedDraws("1", "reader", "operation");
  /** Of the wake-ups of each operation: `counts` says how many each has. */
  const latencies = (counts: readonly number[], seed = "1"): number[][] => {
    const task = new Task(new Simulation(1), "reader", () => {});
    const { any } = wakeUpLaws(costs, seed);
    return counts.map((count, k) => {
      task.begins(operations.key(k, 0));
      return Array.from({ length: count }, () => any.next(task));
    });
  };

  test("belongs to the operation: one more in an earlier operation shifts none of a later one", () => {
    const [, second, third] = latencies([1, 2, 2]);
    expect(latencies([4, 2, 2]).slice(1)).toEqual([second, third]);
    expect(latencies([0, 3, 2])[1]?.slice(0, 2)).toEqual(second);
  });

  test("differs from operation to operation, inside one, and from seed to seed", () => {
    const all = [...latencies([2, 2]).flat(), ...latencies([2], "2").flat()];
    expect(new Set(all).size).toBe(all.length);
  });

  test("has the median of its law", () => {
    const drawn = latencies(Array.from({ length: 2_000 }, () => 2)).flat();
    const below = drawn.filter((ns) => ns < costs.wake_up).length / drawn.length;
    expect(Math.abs(below - 0.5)).toBeLessThan(0.03);
  });
});
