import type { Task, Waitable } from "./task.ts";

/** A wait that cannot end: `cycle` lists who waits for whom, the last for the first; `dead-holder` ends in a dead task. */
export interface WaitFinding {
  readonly kind: "cycle" | "dead-holder";
  readonly time: number;
  readonly path: readonly { readonly task: Task; readonly what: string }[];
}

/**
 * Searches from `task`, which is about to block on `on`, for a way back to itself or to a dead task.
 *
 * A task that nobody can be waiting for (no obligations) cannot close a cycle, so for it only a dead holder is looked for.
 * A cycle is found by the member that blocks last, and that one has obligations.
 */
export function explore(task: Task, on: Waitable): WaitFinding | null {
  const { deadHolder } = on;
  if (deadHolder === null && task.obligations === 0) return null;
  const path: { task: Task; what: string }[] = [{ task, what: on.what }];
  if (deadHolder !== null) {
    path.push({ task: deadHolder, what: "dead" });
    return { kind: "dead-holder", time: task.sim.now, path };
  }
  return walk(task, on.blockers(task), path, new Set([task])) ? { kind: "cycle", time: task.sim.now, path } : null;
}

/** Depth first; leaves the way in `path` when it leads back to `start`. */
function walk(start: Task, blockers: readonly Task[], path: { task: Task; what: string }[], seen: Set<Task>): boolean {
  for (const blocker of blockers) {
    if (blocker === start) return true;
    if (seen.has(blocker) || blocker.waitsFor === null) continue;
    seen.add(blocker);
    path.push({ task: blocker, what: blocker.waitsFor.what });
    if (walk(start, blocker.waitsFor.blockers(blocker), path, seen)) return true;
    path.pop();
  }
  return false;
}
