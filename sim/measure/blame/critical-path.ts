import type { SpanListener } from "../../spans/paired.ts";
import type { Operation, SpanHears } from "../../spans/span.ts";
import type { EventOf } from "../../trace/event.ts";
import type { SleepReason } from "../../trace/kinds.ts";
import type { Hears } from "../../trace/trace.ts";
import { Activity, activityHears, activitySpans } from "./activity.ts";
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

/** Where the time of an open operation went beside its own task. */
interface OperationDetours {
  readonly operation: Operation;
  /** The async page fault it waits for, and since when. */
  parked: { readonly token: number; readonly since: number } | null;
  readonly detours: Detour[];
}

interface TaskPath {
  readonly nr: number;
  readonly activity: Activity;
  readonly operations: OperationDetours[];
  /** The waits for servers since the oldest open operation or piece of work began. */
  readonly detours: Detour[];
  /** What a wait for a server would be for: the page of the last fault or request. */
  wanted: number;
  device: string;
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
export class CriticalPaths implements SpanListener {
  readonly spans: SpanHears = {
    ...activitySpans((nr) => this.task(nr).activity),
    sleepEnded: ({ task: { nr }, reason, from }, now) => this.answered(this.task(nr), reason, from, now),
    operationBegan: (operation, now) => this.begins(operation, now),
    operationEnded: (operation, done, now) => this.ended(operation, done, now),
  };
  readonly hears: Hears = {
    ...activityHears((nr) => this.task(nr).activity),
    fault_begin: ({ task, page }) => {
      this.task(task).wanted = page;
    },
    io_submit: (e) => this.submits(e),
    kvm_async_pf_not_present: (e) => this.parks(this.task(e.task), e),
    kvm_async_pf_ready: (e) => this.ready(this.task(e.task), e),
    work_begin: (e) => this.takesUp(this.task(e.task), e),
    work_end: ({ task, time }) => this.doneWith(this.task(task), time),
  };
  private readonly tasks: TaskPath[] = [];
  /** What servers do or did last, by device and page. */
  private readonly served = new Map<string, Work>();
  private readonly sink: PathSink;

  constructor(sink: PathSink) {
    this.sink = sink;
  }

  private begins(operation: Operation, now: number): void {
    const task = this.task(operation.task.nr);
    task.activity.remember(now);
    task.operations.push({ operation, parked: null, detours: [] });
  }

  private submits({ task: nr, page, device }: EventOf<"io_submit">): void {
    if (nr < 0) return;
    const task = this.task(nr);
    task.wanted = page;
    task.device = device;
  }

  private takesUp(task: TaskPath, e: EventOf<"work_begin">): void {
    task.activity.remember(e.time);
    task.work = { task, begin: e.time, done: null };
    if (e.for >= 0) this.task(e.for).works.set(e.of, task.work);
    else this.served.set(`${e.work} ${e.of}`, task.work);
  }

  private doneWith(task: TaskPath, now: number): void {
    if (task.work === null) return;
    task.work.done = segmentsOf(task, task.work.begin, now, task.detours);
    task.work = null;
    this.rest(task);
  }

  /** A task that slept for a server goes on: what the server did meanwhile is where the time went. */
  private answered(task: TaskPath, reason: SleepReason, slept: number, now: number): void {
    if (reason !== "fuse" && reason !== "userfault") return;
    const work = this.workFor(task, slept, reason === "fuse");
    if (work === undefined) return;
    const all = work.done ?? segmentsOf(work.task, work.begin, now, work.task.detours);
    const served = all.flatMap(({ from, to, ...rest }) => {
      const part = { from: Math.max(from, slept), to, ...rest };
      return part.to > part.from ? [part] : [];
    });
    if (served.length === 0) return;
    const queued = segment(slept, work.begin, work.task.nr, "", "queued");
    task.detours.push({ from: slept, to: now, segments: [...queued, ...served] });
  }

  private workFor(task: TaskPath, slept: number, isNamed: boolean): Work | undefined {
    if (isNamed) return this.served.get(`${task.device} ${task.wanted}`);
    // A fault on a userfaultfd does not say which: of those that worked on this page meanwhile it is the one that began last.
    let found: Work | undefined;
    for (const [key, work] of this.served) {
      const isItsPage = work.begin >= slept && key.endsWith(` ${task.wanted}`);
      if (isItsPage && work.begin >= (found?.begin ?? 0)) found = work;
    }
    return found;
  }

  private parks(task: TaskPath, { token, time }: EventOf<"kvm_async_pf_not_present">): void {
    const operation = task.operations.find(({ parked }) => parked === null);
    if (operation !== undefined) operation.parked = { token, since: time };
  }

  private ready(task: TaskPath, { token, time }: EventOf<"kvm_async_pf_ready">): void {
    const operation = task.operations.find(({ parked }) => parked?.token === token);
    const work = task.works.get(token);
    task.works.delete(token);
    if (operation?.parked == null || work?.done == null) return;
    const { since } = operation.parked;
    operation.parked = null;
    const end = work.done.at(-1)?.to ?? work.begin;
    const segments = [
      ...segment(since, work.begin, work.task.nr, "", "queued"),
      ...work.done,
      ...segment(end, time, task.nr, "", "delivery"),
    ];
    operation.detours.push({ from: since, to: time, segments });
  }

  private ended(operation: Operation, done: boolean, now: number): void {
    const { op, number, intended, from } = operation;
    const { nr } = operation.task;
    const task = this.task(nr);
    const at = task.operations.findIndex((one) => one.operation === operation);
    const [open] = at < 0 ? [] : task.operations.splice(at, 1);
    if (open !== undefined && done) {
      const own = [...task.detours, ...open.detours];
      const segments = [...segment(intended, from, nr, "", "late"), ...segmentsOf(task, from, now, own)];
      this.sink({ task: nr, op, number, from: intended, to: now, segments });
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
    const oldest = Math.min(
      ...operations.map(({ operation }) => operation.from),
      work?.begin ?? Number.POSITIVE_INFINITY,
    );
    activity.forgetBefore(oldest);
    while (detours[0] !== undefined && detours[0].to <= oldest) detours.shift();
  }

  private task(nr: number): TaskPath {
    while (this.tasks.length <= nr) {
      this.tasks.push({
        nr: this.tasks.length,
        activity: new Activity(),
        operations: [],
        detours: [],
        wanted: -1,
        device: "",
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
