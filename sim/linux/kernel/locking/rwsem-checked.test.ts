import { describe, expect, test } from "vitest";
import { testKernel } from "../../../../test/support/test-kernel.ts";
import type { Steps } from "../../../engine/task.ts";
import type { Hears } from "../../../trace/trace.ts";
import { rw_semaphore, type rwsem_policy } from "../../include/linux/rwsem.ts";
import { task_struct } from "../../include/linux/sched.ts";
import { down_read, down_write, rwsem_is_contended, up_read, up_write } from "./rwsem.ts";

/** A task that has the lock for 100 us. */
function* holds(task: task_struct, sem: rw_semaphore, mode: "R" | "W", meanwhile = (): void => {}): Steps {
  yield* (mode === "R" ? down_read : down_write)(task, sem, "test");
  meanwhile();
  task.charge(100_000);
  yield* (mode === "R" ? up_read : up_write)(task, sem, "test");
}

/** A lock of the policy `own` makes of a kernel's, and tasks at it. */
function lockOf(variant: string, own: (policy: rwsem_policy) => rwsem_policy, hears: Hears = {}) {
  const kernel = testKernel({ variant, listeners: [{ hears }] });
  const sem = new rw_semaphore("mm", own(kernel.ops.rwsem), kernel);
  const spawn = (name: string, at: number, mode: "R" | "W", meanwhile?: () => void): task_struct => {
    const task = new task_struct(kernel, name, "test", null);
    kernel.start(task, holds(task, sem, mode, meanwhile), at);
    return task;
  };
  return { sem, spawn, run: () => kernel.sim.run() };
}

describe.each([
  ["xadd-v3.17", "W", "R", 10],
  ["xadd-v3.17", "R", "W", 10],
  ["xadd-v3.17", "W", "W", 10],
  ["v5.4", "R", "W", 10],
  ["modern", "W", "R", 10],
  ["modern", "R", "W", 10],
  ["strict-fifo", "W", "R", 10],
  ["strict-fifo", "R", "W", 10],
  ["reader-pref", "W", "R", 10],
  ["reader-pref", "R", "W", 10],
  ["steal:1", "W", "R", 10],
  ["steal:1", "R", "W", 10],
] as const)("who sleeps in the queue of %s, behind %s", (policy, first, second, at) => {
  test(`is told with the mode ${second} that it asks for`, () => {
    const told: string[] = [];
    const { spawn, run, sem } = lockOf(`v3.17+rwsem=${policy}`, (own) => own, {
      contention_begin: (e) => void told.push(`begins ${e.mode}`),
      contention_end: (e) => void told.push(`ends ${e.mode}`),
    });
    spawn("holder", 0, first);
    const waiter = spawn("waiter", at, second);
    run();
    expect(waiter.finished).toBe(true);
    expect(rwsem_is_contended(sem)).toBe(false);
    // A spinner does not stand in the queue.
    expect(told).toEqual(
      policy === "xadd-v3.17" && first === "W" && second === "W" ? [] : [`begins ${second}`, `ends ${second}`],
    );
  });
});

test("a lock is contended while somebody stands in its queue, and not while one only has it", () => {
  const seen: boolean[] = [];
  const { sem, spawn, run } = lockOf("v3.17+rwsem=strict-fifo", (own) => own);
  spawn("first", 0, "W", () => seen.push(rwsem_is_contended(sem)));
  spawn("second", 10, "W");
  spawn("third", 20, "W");
  run();
  expect(seen).toEqual([false]);
  const later: boolean[] = [];
  const other = lockOf("v3.17+rwsem=strict-fifo", (own) => own);
  other.spawn("first", 0, "W");
  other.spawn("second", 10, "W", () => later.push(rwsem_is_contended(other.sem)));
  other.spawn("third", 20, "W", () => later.push(rwsem_is_contended(other.sem)));
  other.run();
  expect(later).toEqual([true, false]);
});

describe("a lock that is checked says what is wrong with it", () => {
  const always = (own: rwsem_policy, mode: "R" | "W"): rwsem_policy => ({
    ...own,
    [mode === "R" ? "__down_read_trylock" : "__down_write_trylock"]: (task: task_struct, sem: rw_semaphore) => {
      sem.grant(task, mode);
      return true;
    },
  });
  const found = (policy: (own: rwsem_policy) => rwsem_policy, ...takers: ("R" | "W")[]): (() => unknown) => {
    const { spawn, run } = lockOf("v3.17", policy);
    for (const [i, mode] of takers.entries()) spawn(`t${i}`, 10 * i, mode);
    return run;
  };

  test("a writer beside readers", () => {
    const message = "mmap_sem of mm: a writer (t1) and 1 readers own it";
    expect(found((own) => always(own, "W"), "R", "W")).toThrow(message);
    expect(found((own) => always(own, "R"), "W", "R")).toThrow("mmap_sem of mm: a writer (t0) and 1 readers own it");
  });

  test("two writers", () => {
    expect(found((own) => always(own, "W"), "W", "W")).toThrow("1 owners are counted, 2 tasks own it");
  });

  test("a reader that nobody counted", () => {
    const forgets = (own: rwsem_policy): rwsem_policy => ({
      ...own,
      __down_read_trylock: (task, sem) => {
        sem.grant(task, "R");
        sem.readers = 0;
        return true;
      },
    });
    expect(found(forgets, "R")).toThrow("0 owners are counted, 1 tasks own it");
  });

  test("one who waits twice, and one who has the lock and waits still", () => {
    const waits =
      (times: number, granted: boolean) =>
      (own: rwsem_policy): rwsem_policy => ({
        ...own,
        __down_read_trylock: (task, sem) => {
          sem.grant(task, "R");
          const waiter = { task, type: "RWSEM_WAITING_FOR_READ", timeout: 0, handoff_set: false, granted } as const;
          for (let i = 0; i < times; i++) sem.wait_list.push({ ...waiter });
          return true;
        },
      });
    expect(found(waits(2, false), "R")).toThrow("a task waits twice");
    expect(found(waits(1, true), "R")).toThrow("a granted waiter is still in the queue");
    const spins = (own: rwsem_policy): rwsem_policy => ({
      ...own,
      __down_read_trylock: (task, sem) => {
        sem.grant(task, "R");
        sem.osq.push(task, task);
        return true;
      },
    });
    expect(found(spins, "R")).toThrow("a task waits twice");
  });

  test("at every change: when it is let go as well, and when it is downgraded", () => {
    const breaks =
      (name: "__up_read" | "__up_write") =>
      (own: rwsem_policy): rwsem_policy => ({
        ...own,
        [name]: (sem: rw_semaphore) => {
          sem.readers = -1;
        },
      });
    expect(found(breaks("__up_read"), "R")).toThrow("-1 readers");
    expect(found(breaks("__up_write"), "W")).toThrow("-1 readers");
  });
});
