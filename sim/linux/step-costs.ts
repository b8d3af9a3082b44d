import type { CostName, Costs } from "../costs.ts";
import { KeyedDraws, Stream } from "../engine/random.ts";
import { samplerOf } from "../engine/sampler.ts";
import type { Simulation } from "../engine/simulation.ts";
import { Task } from "../engine/task.ts";
import type { StepCosts } from "./kernel.ts";

/**
 * What each step costs when it is asked. A constant is a plain number; a law is drawn anew each time, for the task that acts: the
 * n-th draw in one of its operations is the same in every variant.
 *
 * Source: none; the kernel takes the time that it takes.
 */
export function stepCosts(costs: Costs, sim: Simulation, seed: string): StepCosts {
  const numbers: Partial<Record<CostName, number>> = {};
  for (const [key, { value_ns, law }] of Object.entries(costs)) {
    const name = key as CostName;
    if (law === undefined || law.kind === "constant") {
      numbers[name] = value_ns;
      continue;
    }
    const sampler = samplerOf(law);
    const draws = new KeyedDraws(seed, "costs", name);
    // Who is no task, an interrupt, has no operation to name its draw by.
    const others = new Stream(seed, "costs", name);
    Object.defineProperty(numbers, name, {
      enumerable: true,
      get: () => sampler.sample(sim.acting instanceof Task ? sim.acting.draw(draws) : others.uniform()),
    });
  }
  return numbers as StepCosts;
}
