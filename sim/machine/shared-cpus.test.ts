import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runScripts, type Script } from "../../test/support/lock-script.ts";

const ms = 1_000_000;
const shared = (cpus: number, costs: Record<string, number> = {}) => ({
  cpus,
  costs: { sched_slice: 3 * ms, ...costs },
});

describe("shared CPUs", () => {
  test("tasks that compute take turns of a slice, and each switch costs", () => {
    const lines = runScripts(
      "strict-fifo",
      { a: { at: 0, does: [5 * ms, "read", "up"] }, b: { at: 0, does: [5 * ms, "read", "up"] } },
      0,
      shared(1, { context_switch: 1000 }),
    );
    expect(lines).toEqual([
      "3000000 a preempted R",
      "3000000 b runs R",
      "6000000 b preempted R",
      "6000000 a runs R",
      "8001000 a has R",
      "8001000 a released R",
      "8001000 b runs R",
      "10003000 b has R",
      "10003000 b released R",
    ]);
  });

  test("a holder may be sent off its CPU with the lock: the hold includes the run-queue delay (trap 25)", () => {
    const lines = runScripts(
      "modern",
      {
        holder: { at: 0, does: ["read", 4 * ms, "up"] },
        hog: { at: 1, does: [3 * ms, "read", "up"] },
      },
      0,
      shared(1),
    );
    expect(lines).toContain("0 holder has R");
    expect(lines).toContain("3000000 holder preempted R");
    // 4 ms of work, 7 ms of hold.
    expect(lines).toContain("7000000 holder released R");
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
    expect(lines).toContain("3000020 r1 granted R");
    expect(lines).toContain("6000020 r1 has R");
  });

  test("a spinner sees that the owner has lost its CPU, and queues", () => {
    const lines = runScripts(
      "xadd-v3.17",
      {
        owner: { at: 0, does: ["write", 4 * ms, "up"] },
        hog: { at: 100, does: [6 * ms] },
        third: { at: 200, does: [20 * ms] },
        spinner: { at: 1000, does: ["write", 1, "up"] },
        reader: { at: 3_000_500, does: ["read", 1, "up"] },
      },
      0,
      shared(3),
    );
    const got = lines.filter((line) => / (spinner|reader) has/.test(line)).map((line) => line.split(" ")[1]);
    expect(got).toEqual(["spinner", "reader"]);
  });

  test("a spinner whose slice is over gives its CPU up and queues", () => {
    const lines = runScripts(
      "modern",
      {
        owner: { at: 2 * ms, does: ["write", 2 * ms, "up"] },
        spinner: { at: 0, does: [2_500_000, "write", 1, "up"] },
        hog: { at: 2_600_000, does: [ms] },
      },
      0,
      shared(2),
    );
    // At 3 ms the spinner leaves its CPU to the hog, long before the owner lets go.
    expect(lines).toContain("3000000 hog runs R");
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
});
