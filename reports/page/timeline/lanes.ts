import { type PageWindow, type SliceKind, sliceKinds } from "../data.ts";

/** A slice taken out of its columns; `to` is the end of the window for what was not over. */
export interface LaneSlice {
  readonly index: number;
  readonly kind: SliceKind;
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
  readonly name: string;
  readonly ref: number;
}

/** A row of the timeline, px from the top of its picture. */
export type Lane = { readonly y: number; readonly height: number } & (
  | { readonly kind: "lock"; readonly mm: number; readonly steps: readonly LockStep[] }
  | { readonly kind: "device"; readonly name: string; readonly steps: readonly DeviceStep[] }
  | { readonly kind: "role"; readonly text: string }
  | { readonly kind: "task"; readonly task: number; readonly slices: readonly LaneSlice[] }
);

/** From `at` on: who has a lock and who waits for it. */
export interface LockStep {
  readonly at: number;
  readonly readers: number;
  readonly writers: number;
  readonly waitingReaders: number;
  readonly waitingWriters: number;
}

/** From `at` on: how many IOs are in flight. */
export interface DeviceStep {
  readonly at: number;
  readonly n: number;
}

/** The pictures of a window: locks, which stay in sight, and below them devices and tasks. */
export interface Lanes {
  readonly locks: readonly Lane[];
  readonly locksHeight: number;
  readonly rest: readonly Lane[];
  readonly restHeight: number;
}

/** Heights, px; the axis is above the locks. */
export const heights = { axis: 22, lock: 74, device: 26, role: 20, task: 21 } as const;

/** Sleeps of those who have nothing to do. */
const idle: ReadonlySet<string> = new Set(["idle-worker", "guest-idle"]);

/** The names that stand at the left of a window's lanes. */
export function namesOf({ tasks, mms, names, slices }: PageWindow): string[] {
  const devices = slices.kind.flatMap((kind, i) =>
    sliceKinds[kind] === "io" ? [names[slices.task[i] ?? -1] ?? ""] : [],
  );
  return [
    ...tasks.map(([comm]) => `   ${comm}`),
    ...mms.map((mm) => `mmap_sem of ${mm}`),
    ...[...new Set(devices)].map((name) => `${name}: IOs, at most 00`),
    "since window start",
  ];
}

/**
 * Puts a window's slices into rows. Tasks that did nothing in it have none, and are counted in the head of their role.
 *
 * @param isWanted which tasks are to be seen, by what they did.
 */
export function lanesOf(
  window: PageWindow,
  isWanted: (task: number, slices: readonly LaneSlice[]) => boolean = () => true,
): Lanes {
  const slices = slicesOf(window);
  let y: number = heights.axis;
  const locks = window.mms.map((_, mm): Lane => {
    const lane = { kind: "lock" as const, mm, y, height: heights.lock, steps: lockSteps(window, mm) };
    y += heights.lock;
    return lane;
  });
  const locksHeight = y + 4;
  const rest: Lane[] = [];
  y = 0;
  const add = (lane: Lane): void => {
    rest.push(lane);
    y += lane.height;
  };
  for (const [name, steps] of deviceSteps(window)) add({ kind: "device", name, steps, y, height: heights.device });
  for (const role of new Set(window.tasks.map(([, one]) => one))) {
    const own = window.tasks.flatMap(([, one], task) =>
      one === role && isWanted(task, slices[task] ?? []) ? [task] : [],
    );
    if (own.length === 0) continue;
    const busy = own.filter((task) => slices[task]?.some(({ kind, name }) => kind !== "sleep" || !idle.has(name)));
    const others = own.length - busy.length;
    const some =
      busy.length === 0 ? "nothing here" : `${busy.length} of ${own.length} tasks, the others have nothing here`;
    const text = others === 0 ? role : `${role}: ${some}`;
    add({ kind: "role", text, y, height: heights.role });
    for (const task of busy) add({ kind: "task", task, slices: slices[task] ?? [], y, height: heights.task });
  }
  return { locks, locksHeight, rest, restHeight: y + 4 };
}

function slicesOf({ slices, names, tasks, length }: PageWindow): LaneSlice[][] {
  const byTask: LaneSlice[][] = tasks.map(() => []);
  for (const [index, number] of slices.kind.entries()) {
    const kind = sliceKinds[number] ?? "mark";
    if (kind === "io") continue;
    const to = slices.to[index] ?? null;
    byTask[slices.task[index] ?? -1]?.push({
      index,
      kind,
      from: slices.from[index] ?? 0,
      to: to ?? length,
      isOpen: to === null,
      name: names[slices.name[index] ?? -1] ?? "",
      ref: slices.ref[index] ?? -1,
    });
  }
  return byTask;
}

/** By how much the numbers of a lock change while a slice lasts. */
function changeOf(kind: SliceKind): readonly [number, number, number, number] | null {
  switch (kind) {
    case "hold-R":
      return [1, 0, 0, 0];
    case "hold-W":
      return [0, 1, 0, 0];
    // A granted reader owns the lock; its wait goes on until it runs.
    case "granted":
      return [1, 0, -1, 0];
    case "wait-R":
      return [0, 0, 1, 0];
    case "wait-W":
      return [0, 0, 0, 1];
    default:
      return null;
  }
}

/** Who has a lock and who waits for it, over time. A reader that owns it and does not run yet has it. */
export function lockSteps({ slices, length }: PageWindow, mm: number): LockStep[] {
  const changes: [number, readonly [number, number, number, number], number][] = [];
  for (const [i, number] of slices.kind.entries()) {
    const change = changeOf(sliceKinds[number] ?? "mark");
    if (change === null || slices.mm[i] !== mm) continue;
    changes.push([Math.max(0, slices.from[i] ?? 0), change, 1]);
    const to = slices.to[i] ?? null;
    if (to !== null && to < length) changes.push([to, change, -1]);
  }
  changes.sort((a, b) => a[0] - b[0]);
  const now: [number, number, number, number] = [0, 0, 0, 0];
  const steps: LockStep[] = [];
  for (const [i, [at, change, sign]] of changes.entries()) {
    for (const k of [0, 1, 2, 3] as const) now[k] += sign * change[k];
    if (changes[i + 1]?.[0] === at) continue;
    const [readers, writers, waitingReaders, waitingWriters] = now;
    steps.push({ at, readers, writers, waitingReaders, waitingWriters });
  }
  return steps;
}

function deviceSteps({ slices, names, length }: PageWindow): Map<string, DeviceStep[]> {
  const changes = new Map<string, [number, number][]>();
  for (const [i, number] of slices.kind.entries()) {
    if (sliceKinds[number] !== "io") continue;
    const name = names[slices.task[i] ?? -1] ?? "";
    const own = changes.get(name) ?? [];
    own.push([Math.max(0, slices.from[i] ?? 0), 1]);
    const to = slices.to[i] ?? null;
    if (to !== null && to < length) own.push([to, -1]);
    changes.set(name, own);
  }
  const found = new Map<string, DeviceStep[]>();
  for (const [name, own] of changes) {
    let n = 0;
    const steps: DeviceStep[] = [];
    for (const [at, by] of own.sort((a, b) => a[0] - b[0])) {
      n += by;
      steps.push({ at, n });
    }
    found.set(name, steps);
  }
  return found;
}
