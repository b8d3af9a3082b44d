import type { OpenAtLock, OpenTask } from "./open.ts";
import type { StillOpenHears } from "./span.ts";

/** Tells the listeners what the tasks have open at the end, `now`: task by task, of each the locks first. */
export function tellStillOpen(tasks: readonly OpenTask[], listeners: readonly StillOpenHears[], now: number): void {
  for (const task of tasks) {
    const { locks, sleep, operations, vmaHold, vmaWait } = task;
    for (const at of locks) {
      if (sleep.from >= 0) for (const hold of holdsOf(at)) hold.add(sleep.reason, sleep.from, now);
      for (const hold of holdsOf(at)) if (hold.from >= 0) for (const { hold: tell } of listeners) tell?.(hold, now);
      const { wait } = at;
      if (wait.from >= 0 && !wait.failed) for (const { wait: tell } of listeners) tell?.(wait, now);
    }
    for (const operation of operations) for (const { operation: tell } of listeners) tell?.(operation, now);
    if (vmaHold.from >= 0) for (const { vmaHold: tell } of listeners) tell?.(vmaHold, now);
    if (vmaWait.from >= 0) for (const { vmaWait: tell } of listeners) tell?.(vmaWait, now);
  }
}

function holdsOf({ holds, depth }: OpenAtLock): OpenAtLock["holds"] {
  return holds.slice(0, depth);
}
