import type { Mode } from "../trace/kinds.ts";
import type { AtLock, TaskSpans } from "./span.ts";

/** Something that is not over. `granted`: a task owns a lock and does not run yet. */
export interface OpenSpan {
  readonly kind: "op" | "wait" | "granted" | "hold" | "sleep" | "vma-hold" | "vma-wait";
  /** The number of the task. */
  readonly task: number;
  /** "" of an operation and a sleep. */
  readonly mm: string;
  /** Of a wait and a hold; a mapping is waited for exclusively and held shared. */
  readonly mode: Mode | null;
  /** The operation, the reason of a sleep, a mapping, or the site on whose behalf a lock is taken. */
  readonly name: string;
  /** When it began, ns; `null` when that was before the trace. */
  readonly from: number | null;
  /** How old it is, ns, at least: one from before the trace is older than the trace. */
  readonly age_ns: number;
}

/** All that a task has open at `now`, ns. A failed attempt with no other after it is no wait. */
export function openOf(task: TaskSpans, now: number): OpenSpan[] {
  const { nr, operations, locks, sleep, vmaHold, vmaWait } = task;
  const span = (kind: OpenSpan["kind"], from: number, rest: Pick<OpenSpan, "mm" | "mode" | "name">): OpenSpan => ({
    kind,
    task: nr,
    ...rest,
    from: from < 0 ? null : from,
    age_ns: from < 0 ? now : now - from,
  });
  const all = operations.map(({ op, from }) => span("op", from, { mm: "", mode: null, name: op }));
  for (const at of locks) all.push(...openAtLock(at, span));
  if (sleep.from >= 0) all.push(span("sleep", sleep.from, { mm: "", mode: null, name: sleep.reason }));
  if (vmaHold.from >= 0) all.push(span("vma-hold", vmaHold.from, { mm: vmaHold.mm, mode: "R", name: vmaHold.vma }));
  if (vmaWait.from >= 0) all.push(span("vma-wait", vmaWait.from, { mm: vmaWait.mm, mode: "W", name: vmaWait.vma }));
  return all;
}

function openAtLock(
  { lock: { mm }, wait, holds, depth }: AtLock,
  span: (kind: OpenSpan["kind"], from: number, rest: Pick<OpenSpan, "mm" | "mode" | "name">) => OpenSpan,
): OpenSpan[] {
  const open = holds.slice(0, depth).map(({ mode, site, owned, from }) => {
    const isGranted = from < 0;
    return span(isGranted ? "granted" : "hold", isGranted ? owned : from, { mm, mode, name: site });
  });
  // One that stands in the queue asked before the trace, when its begin is missing.
  const waits = !wait.failed && (wait.from >= 0 || wait.queued);
  if (waits) open.push(span("wait", wait.from, { mm, mode: wait.mode, name: wait.site }));
  return open;
}
