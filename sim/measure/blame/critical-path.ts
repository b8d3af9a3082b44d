import type { SlotListener } from "../../trace/slots.ts";
import type { TaskInfo } from "../../trace/trace.ts";
import type { SavedEvent } from "../../trace/event.ts";
import { Activity } from "./activity.ts";
import type { OperationPath, PathSegment } from "../window/window.ts";

/** A piece of work that a worker or a server does for others. */
interface Work {
  readonly task: TaskPath;
  readonly begin: number;
  /** Where its time went, once it is done. */
  done: readonly PathSegment[] | null;
}

/** From `from` to `to` a task waited for what others did: `segments`. */
interface Detour {
  readonly from: number;
  readonly to: number;
  readonly segments: readonly PathSegment[];
}

interface OpenOperation {
  readonly op: string;
  readonly number: number;
  readonly intended: number;
  readonly begin: number;
  /** The async page fault it waits for, and since when. */
  parked: { readonly token: number; readonly since: number } | null;
  readonly detours: Detour[];
}

interface TaskPath {
  readonly nr: number;
  readonly activity: Activity;
  readonly operations: OpenOperation[];
  /** The waits for servers since the oldest open operation or piece of work began. */
  readonly detours: Detour[];
  /** What a wait for a server would be for: the page of the last fault or request, and since when it sleeps. */
  wanted: number;
  device: string;
  sleeps: number;
  /** Async page faults of this vcpu, by token. */
  readonly works: Map<number, Work>;
  work: Work | null;
}

/** Hears of each operation when it has succeeded. */
export type PathSink = (path: OperationPath) => void;

/**
 * The critical path of each operation, from the trace alone: which task it waited for at each moment, and what that task was doing.
 *
 * An operation is on its own task, except while it waits for an async page fault, where it is first queued, then on the worker, then
 * waits for the vcpu to look; and while it waits for a server in userspace, where it is queued, then on the server's thread. The
 * segments have no gaps and sum to `op.latency`.
 */
export class CriticalPaths implements SlotListener {
  private readonly tasks: TaskPath[] = [];
  /** What servers do or did last, by device and page. */
  private readonly served = new Map<string, Work>();
  private readonly sink: PathSink;

  constructor(sink: PathSink) {
    this.sink = sink;
  }

  event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    if (e.task < 0) return;
    const task = this.task(e.task, tasks);
    if (e.kind === "wake") this.answered(task, e);
    task.activity.event(e);
    switch (e.kind) {
      case "op_begin":
        task.activity.remember(e.time);
        task.operations.push({
          op: e.label,
          number: e.value,
          intended: e.aux,
          begin: e.time,
          parked: null,
          detours: [],
        });
        break;
      case "op_end":
        this.ended(task, e);
        break;
      case "fault_begin":
        task.wanted = e.value;
        break;
      case "io_submit":
        task.wanted = e.value;
        task.device = e.label;
        break;
      case "sleep":
        task.sleeps = e.time;
        break;
      case "kvm_async_pf_not_present":
        this.parks(task, e);
        break;
      case "kvm_async_pf_ready":
        this.ready(task, e);
        break;
      case "work_begin":
        this.takesUp(task, e, tasks);
        break;
      case "work_end":
        this.doneWith(task, e);
        break;
    }
  }

  private takesUp(task: TaskPath, e: SavedEvent, tasks: readonly TaskInfo[]): void {
    task.activity.remember(e.time);
    task.work = { task, begin: e.time, done: null };
    if (e.aux >= 0) this.task(e.aux, tasks).works.set(e.value, task.work);
    else this.served.set(`${e.label} ${e.value}`, task.work);
  }

  private doneWith(task: TaskPath, e: SavedEvent): void {
    if (task.work === null) return;
    task.work.done = segmentsOf(task, task.work.begin, e.time, task.detours);
    task.work = null;
    this.rest(task);
  }

  /** A task that slept for a server goes on: what the server did meanwhile is where the time went. */
  private answered(task: TaskPath, e: SavedEvent): void {
    if (e.label !== "fuse" && e.label !== "userfault") return;
    const work = this.workFor(task, e.label === "fuse");
    if (work === undefined) return;
    const all = work.done ?? segmentsOf(work.task, work.begin, e.time, work.task.detours);
    const served = all.flatMap(({ from, to, ...rest }) => {
      const part = { from: Math.max(from, task.sleeps), to, ...rest };
      return part.to > part.from ? [part] : [];
    });
    if (served.length === 0) return;
    const queued = segment(task.sleeps, work.begin, work.task.nr, "", "queued");
    task.detours.push({ from: task.sleeps, to: e.time, segments: [...queued, ...served] });
  }

  private workFor(task: TaskPath, isNamed: boolean): Work | undefined {
    if (isNamed) return this.served.get(`${task.device} ${task.wanted}`);
    // A fault on a userfaultfd does not say which: of those that worked on this page meanwhile it is the one that began last.
    let found: Work | undefined;
    for (const [key, work] of this.served) {
      const isItsPage = work.begin >= task.sleeps && key.endsWith(` ${task.wanted}`);
      if (isItsPage && work.begin >= (found?.begin ?? 0)) found = work;
    }
    return found;
  }

  private parks(task: TaskPath, e: SavedEvent): void {
    const operation = task.operations.find(({ parked }) => parked === null);
    if (operation !== undefined) operation.parked = { token: e.aux, since: e.time };
  }

  private ready(task: TaskPath, e: SavedEvent): void {
    const operation = task.operations.find(({ parked }) => parked?.token === e.aux);
    const work = task.works.get(e.aux);
    task.works.delete(e.aux);
    if (operation?.parked == null || work?.done == null) return;
    const { since } = operation.parked;
    operation.parked = null;
    const end = work.done.at(-1)?.to ?? work.begin;
    const segments = [
      ...segment(since, work.begin, work.task.nr, "", "queued"),
      ...work.done,
      ...segment(end, e.time, task.nr, "", "delivery"),
    ];
    operation.detours.push({ from: since, to: e.time, segments });
  }

  private ended(task: TaskPath, e: SavedEvent): void {
    const at = task.operations.findIndex(({ number, op }) => number === e.value && op === e.label);
    const [operation] = at < 0 ? [] : task.operations.splice(at, 1);
    if (operation !== undefined && e.aux === 1) {
      const { op, number, intended, begin, detours } = operation;
      const own = [...task.detours, ...detours];
      const segments = [...segment(intended, begin, task.nr, "", "late"), ...segmentsOf(task, begin, e.time, own)];
      this.sink({ task: task.nr, op, number, from: intended, to: e.time, segments });
    }
    this.rest(task);
  }

  /** What nobody will ask for is forgotten. */
  private rest(task: TaskPath): void {
    const { operations, work, activity, detours } = task;
    if (operations.length === 0 && work === null) {
      activity.forget();
      detours.length = 0;
      return;
    }
    const oldest = Math.min(...operations.map(({ begin }) => begin), work?.begin ?? Number.POSITIVE_INFINITY);
    activity.forgetBefore(oldest);
    while (detours[0] !== undefined && detours[0].to <= oldest) detours.shift();
  }

  private task(nr: number, tasks: readonly TaskInfo[]): TaskPath {
    while (this.tasks.length < tasks.length) {
      this.tasks.push({
        nr: this.tasks.length,
        activity: new Activity(),
        operations: [],
        detours: [],
        wanted: -1,
        device: "",
        sleeps: -1,
        works: new Map(),
        work: null,
      });
    }
    return this.tasks[nr] as TaskPath;
  }
}

/** What the task did from `from` to `to`; where it waited for others, what they did. Detours inside another are part of it. */
function segmentsOf(task: TaskPath, from: number, to: number, detours: readonly Detour[]): PathSegment[] {
  const segments: PathSegment[] = [];
  const own = (begin: number, end: number): void =>
    task.activity.forEach(begin, end, (a, b, doing, site) => segments.push(...segment(a, b, task.nr, site, doing)));
  let at = from;
  for (const detour of detours.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (detour.from < at || detour.to > to) continue;
    own(at, detour.from);
    segments.push(...detour.segments);
    const answered = detour.segments.at(-1)?.to ?? detour.from;
    // After the answer it is on its way, and may have to queue for a CPU.
    task.activity.forEach(answered, detour.to, (a, b, doing) =>
      segments.push(...segment(a, b, task.nr, "", doing === "run-queue" ? doing : "wake-up")),
    );
    at = detour.to;
  }
  own(at, to);
  return segments;
}

/** One segment; none when it has no length. */
function segment(
  from: number,
  to: number,
  task: number,
  site: string,
  doing: PathSegment["doing"],
): readonly PathSegment[] {
  return to > from ? [{ from, to, task, site, doing }] : [];
}
