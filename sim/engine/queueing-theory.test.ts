import { describe, expect, test } from "vitest";
import type { Law } from "./law.ts";
import { Stream } from "./random.ts";
import { samplerOf } from "./sampler.ts";
import { Simulation } from "./simulation.ts";
import { type Steps, Task } from "./task.ts";

/** Mean wait of `n` customers after a warm-up, in ns, at a queue with `servers` servers. */
function meanWait(seed: string, arrivals: Law, service: Law, servers: number, n: number): number {
  const sim = new Simulation(Number.MAX_SAFE_INTEGER);
  const between = samplerOf(arrivals);
  const serve = samplerOf(service);
  const arrivalDraws = new Stream(seed, "customers", "arrivals");
  const serviceDraws = new Stream(seed, "customers", "service");
  const queue: Task[] = [];
  const warmUp = Math.floor(n / 10);
  let busy = 0;
  let waited = 0;

  function* customer(task: Task, k: number): Steps {
    const arrived = sim.now;
    if (busy < servers) busy++;
    else {
      queue.push(task);
      task.park(null);
      yield;
    }
    if (k >= warmUp) waited += sim.now - arrived;
    if (task.sleeps(serve.sample(serviceDraws.uniform()))) yield;
    const next = queue.shift();
    if (next === undefined) busy--;
    else next.wake(0);
  }

  function* source(task: Task): Steps {
    for (let k = 0; k < n; k++) {
      if (task.sleeps(between.sample(arrivalDraws.uniform()))) yield;
      const made = new Task(sim, "customer", () => {});
      made.begin(customer(made, k));
    }
  }
  const made = new Task(sim, "source", () => {});
  made.begin(source(made));
  sim.run();
  return waited / (n - warmUp);
}

/** 99.9 % interval of the mean over 12 independent runs (Student t, 11 degrees of freedom: 4.437). */
function interval(arrivals: Law, service: Law, servers: number): { low: number; high: number } {
  const means = Array.from({ length: 12 }, (_, i) => meanWait(`theory-${i}`, arrivals, service, servers, 12_000));
  const mean = means.reduce((a, b) => a + b, 0) / means.length;
  const variance = means.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (means.length - 1);
  const half = 4.437 * Math.sqrt(variance / means.length);
  return { low: mean - half, high: mean + half };
}

const exponential = (mean_ns: number): Law => ({ kind: "exponential", mean_ns });

describe("a plain queue on the engine agrees with its closed form", () => {
  test("M/M/1 at load 0.7: mean wait rho / (mu - lambda)", () => {
    const { low, high } = interval(exponential(10_000), exponential(7_000), 1);
    const theory = (0.7 * 7_000) / 0.3;
    expect(low).toBeLessThan(theory);
    expect(high).toBeGreaterThan(theory);
    expect(high - low).toBeLessThan(theory / 3);
  });

  test("M/M/4 at load 0.8: mean wait by Erlang's C", () => {
    const { low, high } = interval(exponential(1_000), exponential(3_200), 4);
    const a = 3.2;
    const terms = [1, a, a ** 2 / 2, a ** 3 / 6].reduce((x, y) => x + y, 0);
    const last = (a ** 4 / 24) * (1 / (1 - 0.8));
    const theory = ((last / (terms + last)) * 3_200) / (4 * 0.2);
    expect(low).toBeLessThan(theory);
    expect(high).toBeGreaterThan(theory);
  });

  test("M/G/1 with uniform service at load 0.7: mean wait by Pollaczek and Khinchine", () => {
    const { low, high } = interval(exponential(10_000), { kind: "uniform", min_ns: 2_000, max_ns: 12_000 }, 1);
    const secondMoment = 7_000 ** 2 + 10_000 ** 2 / 12;
    const theory = ((1 / 10_000) * secondMoment) / (2 * 0.3);
    expect(low).toBeLessThan(theory);
    expect(high).toBeGreaterThan(theory);
  });
});
