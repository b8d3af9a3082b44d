/** W3 through the real engine and the real rwsem code (`strict-fifo`), at several depths of generator frames. */
import { Simulation } from "../../sim/engine/simulation.ts";
import type { Steps } from "../../sim/engine/task.ts";
import { task_struct } from "../../sim/linux/include/linux/sched.ts";
import { rw_semaphore } from "../../sim/linux/include/linux/rwsem.ts";
import {
  down_read_fast,
  down_read_slept,
  down_write_fast,
  down_write_slept,
  up_read_settled,
  up_write_settled,
} from "../../sim/linux/kernel/locking/rwsem.ts";
import { Kernel, type StepCosts } from "../../sim/linux/kernel.ts";
import { kernelOps, parseVariant } from "../../sim/kernels/variant.ts";
import { UnlimitedCpus } from "../../sim/machine/cpus.ts";
import { type CostName, costNames } from "../../sim/costs.ts";
import { type Listener, Trace } from "../../sim/trace/trace.ts";
import { holdOf, ioOf, isWriter, type Outcome, pauseOf, taskCount } from "./tables.ts";

/** A kernel in which nothing costs anything, with one lock. */
export function bareKernel(listeners: readonly Listener[]): { kernel: Kernel; sem: rw_semaphore } {
  const costs = Object.fromEntries(costNames.map((name): [CostName, number] => [name, 0])) as StepCosts;
  const kernel = new Kernel(
    {
      sim: new Simulation(Number.MAX_SAFE_INTEGER),
      trace: new Trace(listeners),
      cpus: new UnlimitedCpus(costs, "1"),
      costs,
      ops: kernelOps(parseVariant("v3.17+rwsem=strict-fifo")),
      seed: "1",
    },
    { ignoreBugs: false, checkInvariants: false },
  );
  return { kernel, sem: new rw_semaphore("mm", kernel.ops.rwsem, kernel) };
}

interface World {
  readonly kernel: Kernel;
  readonly sem: rw_semaphore;
  readonly outcome: Outcome;
  readonly target: number;
}

/** Runs until `target` acquisitions with the work `depth` generator frames deep: 1, 4 or 8. */
export function runGupsim(target: number, depth: number, listeners: readonly Listener[]): Outcome {
  const world: World = {
    ...bareKernel(listeners),
    outcome: { acquisitions: 0, contended: 0, waitSum: 0, end: 0 },
    target,
  };
  const body = depth === 1 ? flat : depth === 4 ? deep4 : deep8;
  for (let id = 0; id < taskCount; id++) {
    const task = new task_struct(world.kernel, `task-${id}`, isWriter(id) ? "writer" : "reader", null);
    world.kernel.tasks.push(task);
    task.begin(body(task, world, id));
  }
  world.kernel.sim.run();
  return world.outcome;
}

/** Stops the run: nobody goes on. */
function finished(world: World): boolean {
  if (world.outcome.acquisitions < world.target) return false;
  if (world.outcome.end === 0) world.outcome.end = world.kernel.sim.now;
  return true;
}

function* flat(task: task_struct, world: World, id: number): Steps {
  for (let n = 0; !finished(world); n++) {
    const { sem, outcome, kernel } = world;
    if (task.sleeps(pauseOf(id, n))) yield;
    if (finished(world)) return;
    const since = kernel.sim.now;
    const writes = isWriter(id);
    if (writes) {
      if (!down_write_fast(task, sem, "w3")) {
        outcome.contended++;
        yield* sem.policy.rwsem_down_write_failed(task, sem, false);
        down_write_slept(task, sem, "w3");
      }
    } else if (!down_read_fast(task, sem, "w3")) {
      outcome.contended++;
      yield* sem.policy.rwsem_down_read_failed(task, sem, false);
      down_read_slept(task, sem, "w3");
    }
    if (finished(world)) return;
    outcome.acquisitions++;
    outcome.waitSum += kernel.sim.now - since;
    if (finished(world)) return;
    if (task.sleeps(holdOf(id, n))) yield;
    const io = ioOf(id, n);
    if (io !== 0 && task.sleeps(io)) yield;
    if (writes) up_write_settled(task, sem, "w3");
    else up_read_settled(task, sem, "w3");
  }
}

function* step(task: task_struct, world: World, id: number, n: number): Steps {
  const { sem, outcome, kernel } = world;
  const since = kernel.sim.now;
  const writes = isWriter(id);
  if (writes) {
    if (!down_write_fast(task, sem, "w3")) {
      outcome.contended++;
      yield* sem.policy.rwsem_down_write_failed(task, sem, false);
      down_write_slept(task, sem, "w3");
    }
  } else if (!down_read_fast(task, sem, "w3")) {
    outcome.contended++;
    yield* sem.policy.rwsem_down_read_failed(task, sem, false);
    down_read_slept(task, sem, "w3");
  }
  if (finished(world)) return;
  outcome.acquisitions++;
  outcome.waitSum += kernel.sim.now - since;
  if (finished(world)) return;
  if (task.sleeps(holdOf(id, n))) yield;
  const io = ioOf(id, n);
  if (io !== 0 && task.sleeps(io)) yield;
  if (writes) up_write_settled(task, sem, "w3");
  else up_read_settled(task, sem, "w3");
}

function* frame2(task: task_struct, world: World, id: number, n: number): Steps {
  yield* step(task, world, id, n);
}
function* frame3(task: task_struct, world: World, id: number, n: number): Steps {
  yield* frame2(task, world, id, n);
}
function* frame4(task: task_struct, world: World, id: number, n: number): Steps {
  yield* frame3(task, world, id, n);
}
function* frame5(task: task_struct, world: World, id: number, n: number): Steps {
  yield* frame4(task, world, id, n);
}
function* frame6(task: task_struct, world: World, id: number, n: number): Steps {
  yield* frame5(task, world, id, n);
}
function* frame7(task: task_struct, world: World, id: number, n: number): Steps {
  yield* frame6(task, world, id, n);
}

function* deep4(task: task_struct, world: World, id: number): Steps {
  for (let n = 0; !finished(world); n++) {
    if (task.sleeps(pauseOf(id, n))) yield;
    if (finished(world)) return;
    yield* frame3(task, world, id, n);
  }
}

function* deep8(task: task_struct, world: World, id: number): Steps {
  for (let n = 0; !finished(world); n++) {
    if (task.sleeps(pauseOf(id, n))) yield;
    if (finished(world)) return;
    yield* frame7(task, world, id, n);
  }
}
