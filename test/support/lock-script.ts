import { hearsSaved } from "./saved-events.ts";
import { Alarm } from "../../sim/engine/simulation.ts";
import type { Steps } from "../../sim/engine/task.ts";
import { task_struct } from "../../sim/linux/include/linux/sched.ts";
import { rw_semaphore } from "../../sim/linux/include/linux/rwsem.ts";
import {
  down_read,
  down_read_killable,
  down_read_trylock,
  down_write,
  down_write_killable,
  down_write_trylock,
  downgrade_write,
  up_read,
  up_write,
} from "../../sim/linux/kernel/locking/rwsem.ts";
import type { CostName } from "../../sim/costs.ts";
import { testKernel } from "./test-kernel.ts";

/**
 * What one task does: `read`/`write` takes, `try-read`/`try-write` tries, a number is CPU work in ns, `sleep N` leaves the
 * CPU for N ns, `up` lets go, `downgrade`; `read-killable`/`write-killable` and `kill NAME`. It starts at `at` ns.
 */
export interface Script {
  readonly at: number;
  readonly does: readonly (string | number)[];
}

/** How the machine is that the scripts run on. */
export interface Machine {
  /** Costs of waking up, switching and the like, ns; those not named are zero. */
  readonly costs?: Partial<Record<CostName, number>>;
  readonly cpus?: number;
}

/** Runs the scripts on one rwsem of the policy; wake-ups take `wakeUp` ns. Returns the lock events as text lines. */
export function runScripts(
  policy: string,
  scripts: Record<string, Script>,
  wakeUp = 10,
  machine: Machine = {},
): string[] {
  const lines: string[] = [];
  const listener = hearsSaved((e, tasks) => {
    const short: Record<string, string> = {
      mmap_lock_acquire_returned: e.value === 1 ? (e.aux === 1 ? "downgraded" : "has") : "failed",
      mmap_lock_released: "released",
      granted: "granted",
      sched_out: "preempted",
      sched_in: "runs",
    };
    const what = short[e.kind];
    if (what !== undefined) lines.push(`${e.time} ${tasks[e.task]?.comm} ${what} ${e.mode}`);
  });
  const kernel = testKernel({
    variant: `v3.17+rwsem=${policy}`,
    listeners: [listener],
    costs: { wake_up: wakeUp, wake_up_irq: wakeUp, ...machine.costs },
    cpus: machine.cpus ?? "unlimited",
  });
  const sem = new rw_semaphore("mm", kernel.ops.rwsem, kernel);
  const tasks = new Map<string, task_struct>();
  for (const [name, script] of Object.entries(scripts)) {
    const task = new task_struct(kernel, name, "script", null);
    tasks.set(name, task);
    kernel.start(task, play(task, sem, script, tasks), script.at);
  }
  kernel.sim.run();
  for (const finding of kernel.findings) lines.push(`${finding.time} ${finding.kind}: ${finding.text}`);
  return lines;
}

function* play(task: task_struct, sem: rw_semaphore, script: Script, tasks: ReadonlyMap<string, task_struct>): Steps {
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
    } else if (step === "read-killable") {
      if (!(yield* down_read_killable(task, sem, "test"))) return;
      modes.push("R");
    } else if (step === "write-killable") {
      if (!(yield* down_write_killable(task, sem, "test"))) return;
      modes.push("W");
    } else if (step.startsWith("kill ")) {
      if (task.settles()) yield;
      tasks.get(step.slice(5))?.kill();
    } else if (step === "downgrade") {
      yield* downgrade_write(task, sem, "test");
      modes.push(modes.pop() === "W" ? "R" : "R");
    } else if (step === "up") {
      if (modes.pop() === "R") yield* up_read(task, sem, "test");
      else yield* up_write(task, sem, "test");
    } else if (step.startsWith("sleep ")) {
      if (task.settles()) yield;
      const { cpus, sim } = task.kernel;
      const timer = new Alarm(sim, () => (cpus.processor === null ? task.wake(0) : cpus.wakeByInterrupt(task)));
      timer.set(sim.now + Number(step.slice(6)));
      task.park(null);
      yield;
    } else throw new Error(`unknown step ${step}`);
  }
  if (task.settles()) yield;
}
