import type { EventWindow } from "../sim/measure/window/window.ts";
import type { CounterValue } from "./chrome-json.ts";
import type { Span } from "./chrome-lanes.ts";
import { type Drawing, processes } from "./chrome-slices.ts";

const [tasksPid, locksPid] = processes.map(({ pid }) => pid) as [number, number];

/**
 * The curves of a window: for each lock how many tasks wait for it, by mode, and how many readers are inside; and how many tasks could
 * run and have no CPU, where CPUs are limited. A value at the begin of the window and then one at each change.
 */
export function drawCounters(window: EventWindow, { intervals, horizon }: Drawing): CounterValue[] {
  const { waits, from_ns } = window;
  const open = intervals.filter(({ kind }) => kind === "wait");
  const holds = intervals.filter(({ kind }) => kind === "hold");
  const queued = intervals.filter(({ kind }) => kind === "run-queue");
  const curve = (pid: number, name: string, series: Readonly<Record<string, readonly Span[]>>): CounterValue[] =>
    steps(series, from_ns, horizon).map(({ at, values }) => ({ pid, name, at, values }));

  const mms = new Set([...waits.map(({ mm }) => mm), ...[...open, ...holds].map(({ begin }) => begin.mm)]);
  const values = [...mms].sort().flatMap((mm) => {
    const waiting = (mode: string): readonly Span[] => [
      ...waits.filter((wait) => wait.mm === mm && wait.mode === mode),
      ...open.filter(({ begin }) => begin.mm === mm && begin.mode === mode),
    ];
    const readers = holds.filter(({ begin }) => begin.mm === mm && begin.mode === "R");
    return [
      ...curve(locksPid, `${mm} waiters`, { R: waiting("R"), W: waiting("W") }),
      ...curve(locksPid, `${mm} readers`, { inside: readers }),
    ];
  });
  return queued.length === 0 ? values : [...values, ...curve(tasksPid, "runnable", { tasks: queued })];
}

/** How many spans of each series there are, from `first` to `last`, both ns. */
function steps(
  series: Readonly<Record<string, readonly Span[]>>,
  first: number,
  last: number,
): { at: number; values: Record<string, number> }[] {
  const names = Object.keys(series);
  const changes = names.flatMap((name) =>
    (series[name] ?? []).flatMap(({ from, to }) =>
      to <= first
        ? []
        : [
            { at: Math.max(from, first), name, by: 1 },
            { at: to, name, by: -1 },
          ],
    ),
  );
  changes.sort((a, b) => a.at - b.at);
  const now: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  const points = [{ at: first, values: { ...now } }];
  for (const { at, name, by } of changes) {
    if (at >= last) break;
    now[name] = (now[name] ?? 0) + by;
    const latest = points.at(-1);
    if (latest?.at === at) latest.values = { ...now };
    else points.push({ at, values: { ...now } });
  }
  // What went up and down at one moment did not change.
  return points.filter(
    ({ values }, i) => i === 0 || names.some((name) => values[name] !== points[i - 1]?.values[name]),
  );
}
