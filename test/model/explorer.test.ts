import { describe, expect, test } from "vitest";
import type { Choices } from "../../sim/engine/choices.ts";
import { Simulation } from "../../sim/engine/simulation.ts";
import type { Steps } from "../../sim/engine/task.ts";
import { userfaultfd_ctx } from "../../sim/linux/fs/userfaultfd.ts";
import { ServerProcess } from "../../sim/linux/fs/server.ts";
import { mm_struct, pte_none, vm_area_struct } from "../../sim/linux/include/linux/mm_types.ts";
import { task_struct } from "../../sim/linux/include/linux/sched.ts";
import { Kernel, type StepCosts } from "../../sim/linux/kernel.ts";
import { down_read, down_write, up_read, up_write } from "../../sim/linux/kernel/locking/rwsem.ts";
import { kernelOps, parseVariant } from "../../sim/kernels/variant.ts";
import { BlockDevice } from "../../sim/machine/block-device.ts";
import { UnlimitedCpus } from "../../sim/machine/cpus.ts";
import { userfaultServer } from "../../sim/roles/servers/userfault-server.ts";
import type { CostName } from "../../sim/costs.ts";
import { Trace } from "../../sim/trace/trace.ts";
import { explore } from "../support/explorer.ts";
import { testCosts } from "../support/small-scenario.ts";

/** A kernel that lasts 1 ms and asks `choices` who goes first. */
function kernelOf(variant: string, choices: Choices, named: Partial<Record<CostName, number>> = {}): Kernel {
  const all = Object.entries(testCosts(named)).map(([name, cost]) => [name, cost.value_ns]);
  const costs = Object.fromEntries(all) as StepCosts;
  const sim = new Simulation(1_000_000, 100_000, choices);
  const ops = kernelOps(parseVariant(variant));
  const parts = { sim, trace: new Trace([]), cpus: new UnlimitedCpus(costs, "1"), costs, ops, seed: "1" };
  return new Kernel(parts, { ignoreBugs: false, checkInvariants: true });
}

/** Between two steps of a task, ns: longer than a writer spins on readers. */
const step = 30_000;

/** Starts a task at 0 whose steps are at the same times as those of the others: all orders of them can happen. */
function start(
  kernel: Kernel,
  mm: mm_struct,
  name: string,
  ...steps: ((current: task_struct) => Steps)[]
): task_struct {
  const task = new task_struct(kernel, name, "test", mm);
  kernel.start(task, inSteps(task, steps));
  return task;
}

function* inSteps(current: task_struct, steps: readonly ((current: task_struct) => Steps)[]): Steps {
  for (const act of steps) {
    if (current.sleeps(step - (current.sim.now % step))) yield;
    yield* act(current);
  }
}

describe("every order of a small case", () => {
  test("an explorer meets each interleaving once: two tasks of two steps have six", () => {
    const orders = explore((choices) => {
      const sim = new Simulation(1_000, 1_000, choices);
      const done: string[] = [];
      const costs = Object.fromEntries(Object.entries(testCosts()).map(([n, c]) => [n, c.value_ns])) as StepCosts;
      const cpus = new UnlimitedCpus(costs, "1");
      const parts = { sim, trace: new Trace([]), cpus, costs, ops: kernelOps(parseVariant("v3.17")), seed: "1" };
      const kernel = new Kernel(parts, { ignoreBugs: false, checkInvariants: true });
      const mm = new mm_struct(kernel, "mm");
      for (const name of ["a", "b"]) {
        const task = new task_struct(kernel, name, "test", mm);
        kernel.start(
          task,
          (function* () {
            done.push(name);
            sim.schedule(task, sim.now);
            yield;
            done.push(name);
          })(),
        );
      }
      sim.run();
      return done.join("");
    });
    expect(orders.sort()).toEqual(["aabb", "abab", "abba", "baab", "baba", "bbaa"]);
  });

  /** A reader that takes the lock twice, a writer, and another reader: who is stuck at the end? */
  const nested = (rwsem: string, withWriter: boolean): string[] =>
    explore((choices) => {
      const kernel = kernelOf(`v4.0+rwsem=${rwsem}`, choices);
      const mm = new mm_struct(kernel, "mm");
      const sem = mm.mmap_sem;
      const read = (current: task_struct): Steps => down_read(current, sem, "test");
      const release = (current: task_struct): Steps => up_read(current, sem, "test");
      start(kernel, mm, "nested", read, read, release, release);
      if (withWriter) {
        start(
          kernel,
          mm,
          "writer",
          (current) => down_write(current, sem, "test"),
          (current) => up_write(current, sem, "test"),
        );
      }
      start(kernel, mm, "reader", read, release);
      kernel.sim.run();
      return kernel.findings.map(({ kind }) => kind).join(" ");
    });

  test.each(["xadd-v3.17", "modern", "strict-fifo", "steal:1"])(
    "%s: a second read lock behind a queued writer is stuck in some orders, and without the writer in none (S105, S108)",
    (rwsem) => {
      const outcomes = nested(rwsem, true);
      expect(outcomes.filter((found) => found === "deadlock").length).toBeGreaterThan(0);
      expect(outcomes.filter((found) => found === "").length).toBeGreaterThan(0);
      expect(outcomes.filter((found) => found !== "" && found !== "deadlock")).toEqual([]);
      expect(nested(rwsem, false).filter((found) => found !== "")).toEqual([]);
    },
  );

  test("reader-pref: it is stuck in none", () => {
    const outcomes = nested("reader-pref", true);
    expect(outcomes.length).toBeGreaterThan(5);
    expect(outcomes.filter((found) => found !== "")).toEqual([]);
  });

  /** A fault that a server fills: does the fault ever end? */
  const userfault = (order: string): boolean[] =>
    explore((choices) => {
      const kernel = kernelOf(`v5.4+userfault=${order}`, choices, { up_read: 1, wake_up: 1 });
      const mm = new mm_struct(kernel, "mm");
      const vma = new vm_area_struct({
        mm,
        name: "ram",
        start: mm.unmappedArea(1),
        pages: 1,
        kind: "anon",
        random: false,
        backing: {
          device: new BlockDevice(kernel.sim, kernel.trace, "server", { kind: "constant", value_ns: 5 }, null, "1"),
          synchronous: false,
          synchronousReadpage: false,
          ioClass: "userfault",
          maxReadahead: 1,
        },
        keep: Number.POSITIVE_INFINITY,
        reclaimAfter: () => Number.POSITIVE_INFINITY,
      });
      vma.pte[0] = pte_none;
      mm.mm_rb.insert(vma);
      const ctx = new userfaultfd_ctx({ sigbus: false, userModeOnly: false });
      vma.userfaultfd = ctx;
      const server = new task_struct(kernel, "server", "userfaultfd", null);
      kernel.start(
        server,
        userfaultServer(server, mm, ctx, vma.backing?.device as BlockDevice, new ServerProcess(kernel, "s")),
      );
      let ended = false;
      start(kernel, mm, "client", function* (current) {
        yield* kernel.ops.do_user_addr_fault(current, mm, vma.vm_start, true, true);
        ended = true;
      });
      kernel.sim.run();
      return ended;
    });

  test("queue the message, drop the lock, wake the server: every order ends; wake it first: some orders lose the wake-up (S91)", () => {
    expect(userfault("queued-first").filter((ended) => !ended)).toEqual([]);
    const outcomes = userfault("wake-first");
    expect(outcomes.filter((ended) => !ended).length).toBeGreaterThan(0);
    expect(outcomes.filter((ended) => ended).length).toBeGreaterThan(0);
  });
});
