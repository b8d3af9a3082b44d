import fc from "fast-check";
import type { Steps } from "../../sim/engine/task.ts";
import { rw_semaphore } from "../../sim/linux/include/linux/rwsem.ts";
import { task_struct } from "../../sim/linux/include/linux/sched.ts";
import { down_read, down_write, up_read, up_write } from "../../sim/linux/kernel/locking/rwsem.ts";
import type { Hears } from "../../sim/trace/trace.ts";
import { testKernel } from "../support/test-kernel.ts";
import { describe, expect, test } from "vitest";
import { runScripts, type Script } from "../support/lock-script.ts";
import { axes } from "../../sim/kernels/axes.ts";

const section = fc.record({
  pause: fc.integer({ min: 1, max: 200 }),
  take: fc.constantFrom("read", "read", "read", "write", "downgrade", "try-read", "try-write"),
  work: fc.integer({ min: 1, max: 100 }),
  sleep: fc.option(fc.integer({ min: 1, max: 300 }), { freq: 3 }),
});

const script = fc
  .record({ at: fc.nat(300), sections: fc.array(section, { minLength: 1, maxLength: 6 }) })
  .map(({ at, sections }): Script => {
    const does = sections.flatMap(({ pause, take, work, sleep }) => [
      pause,
      take === "downgrade" ? "write" : take,
      work,
      ...(sleep === null ? [] : [`sleep ${sleep}`]),
      ...(take === "downgrade" ? ["downgrade", work] : []),
      "up",
    ]);
    return { at, does };
  });

/** Unlimited or few CPUs, with slices short enough that holders and spinners are sent off. */
const machines = fc.record(
  {
    cpus: fc.integer({ min: 1, max: 4 }),
    costs: fc.record({
      sched_slice: fc.integer({ min: 20, max: 400 }),
      context_switch: fc.nat(5),
      host_tick: fc.constantFrom(50, 200),
    }),
  },
  { requiredKeys: ["costs"] },
);

const workload = fc.array(script, { minLength: 1, maxLength: 8 });

/** What an observer of the trace sees of one lock. */
interface Seen {
  readonly readers: Set<string>;
  writer: string | null;
}

function check(lines: readonly string[], policy: string, takers: number): void {
  const seen: Seen = { readers: new Set(), writer: null };
  let last = 0;
  let taken = 0;
  for (const line of lines) {
    const [time, who = "", what, mode] = line.split(" ");
    expect(Number(time)).toBeGreaterThanOrEqual(last);
    last = Number(time);
    if (what === "preempted" || what === "runs") continue;
    if (what === "has" || what === "granted") {
      if (mode === "R") {
        expect(seen.writer, `${policy}: ${line}`).toBe(null);
        seen.readers.add(who);
      } else {
        expect(seen.readers.size, `${policy}: ${line}`).toBe(0);
        expect(seen.writer === null || seen.writer === who, `${policy}: ${line}`).toBe(true);
        seen.writer = who;
      }
      if (what === "has") taken++;
    } else if (what === "downgraded") {
      expect(seen.writer).toBe(who);
      seen.writer = null;
      seen.readers.add(who);
    } else if (what === "released") {
      if (mode === "R") expect(seen.readers.delete(who), line).toBe(true);
      else {
        expect(seen.writer, line).toBe(who);
        seen.writer = null;
      }
    } else if (what === "failed") {
      // A task stops at its first failed trylock.
      taken += 0;
    } else throw new Error(`unexpected: ${line}`);
  }
  expect(seen.writer).toBe(null);
  expect(seen.readers.size).toBe(0);
  if (takers >= 0) expect(taken).toBe(takers);
}

function* holdFor(task: task_struct, sem: rw_semaphore, down: typeof down_read): Steps {
  yield* down(task, sem, "test");
  task.charge(100_000);
  yield* down === down_read ? up_read(task, sem, "test") : up_write(task, sem, "test");
}

const policies = Object.keys(axes.rwsem).flatMap((name) => (name === "steal:N" ? ["steal:0", "steal:2"] : [name]));

describe.each(policies)("the rwsem %s", (policy) => {
  test("never has a writer beside anyone, ends every acquisition, and loses no wake-up", () => {
    fc.assert(
      fc.property(workload, fc.integer({ min: 0, max: 50 }), machines, (scripts, wakeUp, machine) => {
        const named = Object.fromEntries(scripts.map((one, i) => [`t${i}`, one]));
        const tries = scripts.some(({ does }) => does.some((step) => String(step).startsWith("try")));
        const asked = scripts.flatMap(({ does }) => does.filter((step) => step === "read" || step === "write")).length;
        check(runScripts(policy, named, wakeUp, machine), policy, tries ? -1 : asked);
      }),
      { numRuns: 400 },
    );
  });

  test("who sleeps in its queue is told with the mode that it asks for", () => {
    for (const [mode, take, holder] of [
      ["R", down_read, down_write],
      ["W", down_write, down_read],
    ] as const) {
      const told: string[] = [];
      const hears: Hears = {
        contention_begin: (e) => void told.push(`begin ${e.mode}`),
        contention_end: (e) => void told.push(`end ${e.mode}`),
      };
      const kernel = testKernel({ variant: `v3.17+rwsem=${policy}`, listeners: [{ hears }] });
      const sem = new rw_semaphore("mm", kernel.ops.rwsem, kernel);
      const spawn = (name: string, delay: number, down: typeof down_read): void => {
        const task = new task_struct(kernel, name, "script", null);
        kernel.start(task, holdFor(task, sem, down), delay);
      };
      spawn("holder", 0, holder);
      spawn("waiter", 10, take);
      kernel.sim.run();
      if (told.length > 0) expect(told).toEqual([`begin ${mode}`, `end ${mode}`]);
      else expect(policy).not.toBe("strict-fifo");
    }
  });

  test("the same scripts give the same events", () => {
    fc.assert(
      fc.property(workload, (scripts) => {
        const named = Object.fromEntries(scripts.map((one, i) => [`t${i}`, one]));
        expect(runScripts(policy, named)).toEqual(runScripts(policy, named));
      }),
      { numRuns: 50 },
    );
  });
});

test("the strict FIFO lock grants in the order of arrival", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("read", "write"), { minLength: 1, maxLength: 12 }), (takes) => {
      const scripts: Record<string, Script> = { t0: { at: 0, does: ["write", 1000, "up"] } };
      for (const [i, take] of takes.entries()) scripts[`t${i + 1}`] = { at: i + 1, does: [take, 5, "up"] };
      const order = runScripts("strict-fifo", scripts, 0)
        .filter((line) => line.includes(" has "))
        .map((line) => line.split(" ")[1]);
      expect(order).toEqual(Object.keys(scripts));
    }),
  );
});

/** Writers that come at random, over and over, while one reader and one writer wait: how often is each waiter passed? */
const stream = fc.array(fc.record({ at: fc.nat(400), work: fc.integer({ min: 1, max: 40 }) }), {
  minLength: 1,
  maxLength: 30,
});

describe("the starvation bound", () => {
  /** How many tasks that came later had the lock between the arrival of `victim` at 5 ns and its own turn. */
  const passed = (policy: string, takes: readonly { at: number; work: number }[], tick: number): number => {
    const scripts: Record<string, Script> = {
      first: { at: 0, does: ["write", 100, "up"] },
      victim: { at: 5, does: ["read", 1, "up"] },
    };
    for (const [i, { at, work }] of takes.entries()) scripts[`w${i}`] = { at: 100 + at, does: ["write", work, "up"] };
    const lines = runScripts(policy, scripts, 20, { costs: { host_tick: tick } });
    const order = lines.filter((line) => / (has|granted) /.test(line)).map((line) => line.split(" ")[1]);
    return new Set(order.slice(1, order.indexOf("victim"))).size;
  };

  test.each([0, 1, 3])("of steal:%i is that many steals", (limit) => {
    fc.assert(
      fc.property(stream, (takes) => {
        expect(passed(`steal:${limit}`, takes, 1000)).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test("of strict-fifo is none", () => {
    fc.assert(
      fc.property(stream, (takes) => {
        expect(passed("strict-fifo", takes, 1000)).toBe(0);
      }),
    );
  });

  test("of modern is time: who waits longer than two ticks and a hold is not passed any more", () => {
    fc.assert(
      fc.property(stream, (takes) => {
        const scripts: Record<string, Script> = {
          first: { at: 0, does: ["write", 100, "up"] },
          victim: { at: 5, does: ["write", 1, "up"] },
        };
        for (const [i, { at, work }] of takes.entries())
          scripts[`r${i}`] = { at: 100 + at, does: ["read", work, "up"] };
        const [tick, longest, wakeUp] = [50, 40, 20];
        const lines = runScripts("modern", scripts, wakeUp, { costs: { host_tick: tick } });
        const got = Number((lines.find((line) => line.includes("victim has")) as string).split(" ")[0]);
        // The first hold, then two ticks, the hold that it finds then, a batch of readers, and its own wake-ups.
        expect(got).toBeLessThanOrEqual(100 + 2 * tick + 3 * (longest + wakeUp));
      }),
    );
  });

  test("there is none in v3.17: a stream of spinning writers starves a reader", () => {
    const scripts: Record<string, Script> = { r: { at: 5, does: ["read", 1, "up"] } };
    for (let i = 0; i < 200; i++) scripts[`w${i}`] = { at: i === 0 ? 0 : i, does: ["write", 100, "up"] };
    const order = runScripts("xadd-v3.17", scripts, 20, { costs: { host_tick: 50 } })
      .filter((line) => line.includes(" has "))
      .map((line) => line.split(" ")[1]);
    expect(order.indexOf("r")).toBe(200);
  });
});
