import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runScripts, type Script } from "../../test/support/lock-script.ts";
import { testCosts } from "../../test/support/small-scenario.ts";
import { Simulation } from "../engine/simulation.ts";
import { Cpu } from "./cpu.ts";
import { FairCpus } from "./fair-cpus.ts";
import type { SchedulingCosts } from "./wake-up-laws.ts";

const ms = 1_000_000;
const shared = (cpus: number, costs: Record<string, number> = {}) => ({
  cpus,
  costs: { sched_slice: 3 * ms, ...costs },
});

describe("CPUs with a run queue each", () => {
  test("a task that has had its slice gives way at the next tick, and each switch costs", () => {
    const lines = runScripts(
      "strict-fifo",
      { a: { at: 0, does: [5 * ms, "read", "up"] }, b: { at: 0, does: [5 * ms, "read", "up"] } },
      0,
      shared(1, { context_switch: 1000 }),
    );
    // The slice is 3 ms, the tick 4 ms. At 8 ms b has had 3.999 ms and is still owed more than a, which has had 4.
    expect(lines).toEqual([
      "4000000 a preempted R",
      "4000000 b runs R",
      "9001000 b has R",
      "9001000 b released R",
      "9001000 a runs R",
      "10002000 a has R",
      "10002000 a released R",
    ]);
  });

  test("a holder may be sent off its CPU with the lock: the hold includes the run-queue delay (trap 25)", () => {
    const lines = runScripts(
      "modern",
      {
        holder: { at: 0, does: ["read", 6 * ms, "up"] },
        hog: { at: 1, does: [3 * ms, "read", "up"] },
      },
      0,
      shared(1),
    );
    expect(lines).toContain("0 holder has R");
    expect(lines).toContain("4000000 holder preempted R");
    // 6 ms of work, 9 ms of hold.
    expect(lines).toContain("9000000 holder released R");
  });

  test("a reader that is granted while it sleeps owns the lock before it gets a CPU; a woken writer does not (trap 20)", () => {
    const lines = runScripts(
      "modern",
      {
        w0: { at: 0, does: ["write", "sleep 1000000", "up", 2 * ms] },
        r1: { at: 10, does: ["read", 10, "up"] },
        hog: { at: 20, does: [4 * ms] },
        w2: { at: 1_500_000, does: ["try-write", 1, "up"] },
      },
      0,
      shared(1),
    );
    expect(lines).toContain("1500000 r1 granted R");
    expect(lines).toContain("3500000 r1 has R");
  });

  test("a spinner sees that the owner has lost its CPU, and queues", () => {
    const lines = runScripts(
      "xadd-v3.17",
      {
        owner: { at: 0, does: ["write", 8 * ms, "up"] },
        third: { at: 200, does: [20 * ms] },
        spinner: { at: 1000, does: ["write", 1, "up"] },
        hog: { at: 2000, does: [6 * ms] },
        reader: { at: 6_000_500, does: ["read", 1, "up"] },
      },
      0,
      shared(3),
    );
    expect(lines).toContain("4000000 owner preempted R");
    const got = lines.filter((line) => / (spinner|reader) has/.test(line)).map((line) => line.split(" ")[1]);
    expect(got).toEqual(["spinner", "reader"]);
  });

  test("a spinner whose slice is over gives its CPU up and queues", () => {
    const lines = runScripts(
      "modern",
      {
        owner: { at: 0, does: ["write", 10 * ms, "up"] },
        spinner: { at: 0, does: [500_000, "write", 1, "up"] },
        first: { at: 600_000, does: [3 * ms, "try-read"] },
        other: { at: 600_000, does: [3 * ms, "try-read"] },
      },
      0,
      shared(2),
    );
    // At the tick the spinner leaves its CPU, long before the owner lets go.
    expect(lines).toContain("4000000 other runs R");
  });

  test("as many CPUs as tasks behave as unlimited ones, but for the latencies of interrupts", () => {
    const section = fc.record({ take: fc.constant("read"), work: fc.integer({ min: 1, max: 100 }) });
    const tasks = fc.array(
      fc.record({ at: fc.nat(300), sections: fc.array(section, { minLength: 1, maxLength: 4 }) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(tasks, fc.nat(20), (given, wakeUp) => {
        const scripts: Record<string, Script> = {};
        for (const [i, { at, sections }] of given.entries()) {
          scripts[`t${i}`] = { at, does: sections.flatMap(({ take, work }) => [10, take, work, "up"]) };
        }
        const costs = { wake_up_irq: 0 };
        const few = runScripts("modern", scripts, wakeUp, { cpus: given.length, costs });
        // What happens at one moment may come in another order.
        expect(few.toSorted()).toEqual(runScripts("modern", scripts, wakeUp, { costs }).toSorted());
      }),
    );
  });

  test("the n-th task of one wake-up comes later", () => {
    const lines = runScripts(
      "modern",
      {
        w0: { at: 0, does: ["write", "sleep 1000", "up"] },
        r1: { at: 10, does: ["read", 1, "up"] },
        r2: { at: 20, does: ["read", 1, "up"] },
        r3: { at: 30, does: ["read", 1, "up"] },
      },
      100,
      { costs: { wake_up_next: 12 } },
    );
    expect(lines.filter((line) => / r\d has/.test(line))).toEqual(["1100 r1 has R", "1112 r2 has R", "1124 r3 has R"]);
  });

  test("a writer that slept alone is owed nothing: woken on its waker's CPU it waits, and the reader steals the lock", () => {
    const lines = runScripts(
      "modern",
      {
        reader: { at: 0, does: ["read", "sleep 100000", "up", 20_000, "read", 1, "up"] },
        writer: { at: 10, does: ["write", 1, "up"] },
      },
      0,
      shared(1),
    );
    expect(lines.slice(0, 3)).toEqual(["0 reader has R", "100000 reader released R", "120000 reader has R"]);
    expect(lines).toContain("120001 writer has W");
  });

  test("an idle virtual CPU that its host has taken off is not there for a wake-up to choose", () => {
    const isThere = (halt_poll: number, after: number): boolean => {
      const sim = new Simulation(ms);
      const costs = Object.fromEntries(
        Object.entries(testCosts({ halt_poll })).map(([name, { value_ns }]) => [name, value_ns]),
      );
      const cpus = new FairCpus(sim, 2, costs as unknown as SchedulingCosts, "1");
      sim.advancesTo(after);
      return cpus.isAvailable(1);
    };
    expect(isThere(200_000, 100)).toBe(false);
    expect(isThere(0, 999_999)).toBe(true);
  });

  test("a host polls longer for a virtual CPU after short idle times, and not at all after long ones", () => {
    const sim = new Simulation(100 * ms);
    const costs = { sched_slice: ms, host_tick: ms, halt_poll: 200_000 };
    const cpu = new Cpu(
      sim,
      0,
      costs,
      () => {},
      () => {},
    );
    const idleFor = (ns: number): boolean => {
      cpu.rousedAt = -1;
      cpu.idleSince = sim.now;
      sim.advancesTo(sim.now + ns);
      const { isHalted } = cpu;
      cpu.rouse(100 * ms);
      return isHalted;
    };
    expect([idleFor(15_000), idleFor(15_000), idleFor(15_000)]).toEqual([true, true, false]);
    expect([idleFor(ms), idleFor(15_000)]).toEqual([true, true]);
  });
});
