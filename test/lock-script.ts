import { Simulation } from "../sim/engine/simulation.ts";
import type { Steps } from "../sim/engine/task.ts";
import { task_struct } from "../sim/linux/include/linux/sched.ts";
import {
  down_read,
  down_read_trylock,
  down_write,
  down_write_trylock,
  downgrade_write,
  rw_semaphore,
  up_read,
  up_write,
} from "../sim/linux/kernel/locking/rwsem.ts";
import { Kernel } from "../sim/linux/kernel.ts";
import { kernelText, parseVariant } from "../sim/linux/versions.ts";
import { UnlimitedCpus } from "../sim/machine/cpus.ts";
import { type Listener, Trace } from "../sim/trace.ts";
import { testCosts } from "./small-scenario.ts";

/**
 * What one task does: `read`/`write` takes, `try-read`/`try-write` tries, a number is CPU work in ns, `sleep N` leaves the
 * CPU for N ns, `up` lets go, `downgrade`. It starts at `at` ns.
 */
export interface Script {
  readonly at: number;
  readonly does: readonly (string | number)[];
}

/** Runs the scripts on one rwsem of the policy, wake-ups take `wakeUp` ns. Returns the lock events as text lines. */
export function runScripts(policy: string, scripts: Record<string, Script>, wakeUp = 10): string[] {
  const lines: string[] = [];
  const listener: Listener = {
    event(e, tasks) {
      const short: Record<string, string> = {
        mmap_lock_acquire_returned: e.value === 1 ? (e.aux === 1 ? "downgraded" : "has") : "failed",
        mmap_lock_released: "released",
        granted: "granted",
      };
      const what = short[e.kind];
      if (what !== undefined) lines.push(`${e.time} ${tasks[e.task]?.comm} ${what} ${e.mode}`);
    },
  };
  const { kernel, sem } = lockKernel(policy, [listener], wakeUp);
  for (const [name, script] of Object.entries(scripts)) {
    const task = new task_struct(kernel, name, "script", null);
    kernel.start(task, play(task, sem, script), script.at);
  }
  kernel.sim.run();
  for (const finding of kernel.findings) lines.push(`${finding.time} ${finding.kind}: ${finding.text}`);
  return lines;
}

/** A kernel with one rwsem and nothing else; its invariants are checked after each change. */
export function lockKernel(
  policy: string,
  listeners: readonly Listener[],
  wakeUp: number,
): { kernel: Kernel; sem: rw_semaphore } {
  const costs = Object.fromEntries(Object.entries(testCosts()).map(([name, cost]) => [name, cost.value_ns]));
  const kernel = new Kernel(
    {
      sim: new Simulation(1_000_000_000),
      trace: new Trace(listeners),
      cpus: new UnlimitedCpus(wakeUp),
      costs: costs as Kernel["costs"],
      text: kernelText(parseVariant(`v3.17+rwsem=${policy}`)),
      seed: "1",
    },
    { ignoreBugs: false, checkInvariants: true },
  );
  return { kernel, sem: new rw_semaphore("mm", kernel.text.rwsem, kernel) };
}

function* play(task: task_struct, sem: rw_semaphore, script: Script): Steps {
  const modes: ("R" | "W")[] = [];
  for (const step of script.does) {
    if (typeof step === "number") {
      task.charge(step);
      continue;
    }
    if (step === "read") {
      yield* down_read(task, sem, "test");
      modes.push("R");
    } else if (step === "write") {
      yield* down_write(task, sem, "test");
      modes.push("W");
    } else if (step === "try-read") {
      if (!(yield* down_read_trylock(task, sem, "test"))) return;
      modes.push("R");
    } else if (step === "try-write") {
      if (!(yield* down_write_trylock(task, sem, "test"))) return;
      modes.push("W");
    } else if (step === "downgrade") {
      yield* downgrade_write(task, sem, "test");
      modes.push(modes.pop() === "W" ? "R" : "R");
    } else if (step === "up") {
      if (modes.pop() === "R") yield* up_read(task, sem, "test");
      else yield* up_write(task, sem, "test");
    } else if (step.startsWith("sleep ")) {
      if (task.settles()) yield;
      task.park(null);
      task.wake(Number(step.slice(6)));
      yield;
    } else throw new Error(`unknown step ${step}`);
  }
}
