import type { EventOf } from "../trace/event.ts";
import type { Mode } from "../trace/kinds.ts";
import type { Hears, Listener, TaskInfo } from "../trace/trace.ts";
import { OpenAtLock, type OpenHold, OpenTask, type OpenWait } from "./open.ts";
import { tellStillOpen } from "./still-open.ts";
import type { Lock, SpanHears } from "./span.ts";

/** Those who hear of a moment of a span. */
type Moment = Exclude<keyof SpanHears, "stillOpen">;
type Hearers<M extends Moment> = readonly NonNullable<SpanHears[M]>[];

/**
 * Pairs the events that begin and end something, and tells what lasted. Nothing else does: whatever names a wait or a hold names the one
 * that was found here.
 *
 * - A release ends the youngest hold of its task and mm, whatever its mode. One without a hold ends a hold from before the trace.
 * - A downgrade ends the exclusive hold, and begins a shared one without a wait.
 * - A task sleeps once at a time, and has one mapping locked at a time.
 * - An end of an operation without its begin is not told.
 */
export class Spans implements Listener {
  readonly hears: Hears;
  private readonly tasksSoFar: OpenTask[] = [];
  private readonly locks: Lock[] = [];
  private pairs = 0;
  private readonly waitBegan: Hearers<"waitBegan">;
  private readonly askedAgain: Hearers<"askedAgain">;
  private readonly attemptFailed: Hearers<"attemptFailed">;
  private readonly waitQueued: Hearers<"waitQueued">;
  private readonly waitGivenUp: Hearers<"waitGivenUp">;
  private readonly waitEnded: Hearers<"waitEnded">;
  private readonly lockOwned: Hearers<"lockOwned">;
  private readonly holdBegan: Hearers<"holdBegan">;
  private readonly holdEnded: Hearers<"holdEnded">;
  private readonly unseenHoldEnded: Hearers<"unseenHoldEnded">;
  private readonly sleepEnded: Hearers<"sleepEnded">;
  private readonly operationBegan: Hearers<"operationBegan">;
  private readonly operationEnded: Hearers<"operationEnded">;
  private readonly vmaHoldEnded: Hearers<"vmaHoldEnded">;
  private readonly vmaWaitEnded: Hearers<"vmaWaitEnded">;

  /** Tells what is open. */
  readonly ends: (now: number) => void;

  constructor(listeners: readonly SpanHears[]) {
    const stillOpen = listeners.flatMap((one) => (one.stillOpen === undefined ? [] : [one.stillOpen]));
    this.ends = (now) => tellStillOpen(this.tasksSoFar, stillOpen, now);
    const hearers = <M extends Moment>(moment: M): Hearers<M> =>
      listeners.flatMap((one) => (one[moment] === undefined ? [] : [one[moment] as NonNullable<SpanHears[M]>]));
    this.waitBegan = hearers("waitBegan");
    this.askedAgain = hearers("askedAgain");
    this.attemptFailed = hearers("attemptFailed");
    this.waitQueued = hearers("waitQueued");
    this.waitGivenUp = hearers("waitGivenUp");
    this.waitEnded = hearers("waitEnded");
    this.lockOwned = hearers("lockOwned");
    this.holdBegan = hearers("holdBegan");
    this.holdEnded = hearers("holdEnded");
    this.unseenHoldEnded = hearers("unseenHoldEnded");
    this.sleepEnded = hearers("sleepEnded");
    this.operationBegan = hearers("operationBegan");
    this.operationEnded = hearers("operationEnded");
    this.vmaHoldEnded = hearers("vmaHoldEnded");
    this.vmaWaitEnded = hearers("vmaWaitEnded");
    this.hears = {
      mmap_lock_start_locking: (e, tasks) => this.asks(e, tasks),
      mmap_lock_acquire_returned: (e, tasks) => this.returned(e, tasks),
      mmap_lock_released: (e, tasks) => this.endsHold(this.at(e.task, e.mm, tasks), e.mode, e.site, e.time),
      granted: (e, tasks) => this.granted(e, tasks),
      contention_begin: (e, tasks) => this.queues(e, tasks),
      op_begin: (e, tasks) => this.beginsOperation(e, tasks),
      op_end: (e, tasks) => this.endsOperation(e, tasks),
      sleep: (e, tasks) => this.fallsAsleep(e, tasks),
      wake: (e, tasks) => this.wakes(e, tasks),
      vma_start_read: (e, tasks) => e.success && begins(this.task(e.task, tasks).vmaHold, e),
      vma_end_read: (e, tasks) => this.endsVma(this.task(e.task, tasks).vmaHold, this.vmaHoldEnded, e.time),
      vma_wait_begin: (e, tasks) => begins(this.task(e.task, tasks).vmaWait, e),
      vma_wait_end: (e, tasks) => this.endsVma(this.task(e.task, tasks).vmaWait, this.vmaWaitEnded, e.time),
    };
  }

  private asks(e: EventOf<"mmap_lock_start_locking">, tasks: readonly TaskInfo[]): void {
    const { time } = e;
    const { wait } = this.at(e.task, e.mm, tasks);
    wait.mode = e.mode;
    wait.site = e.site;
    wait.failed = false;
    if (wait.from >= 0) {
      for (let i = 0; i < this.askedAgain.length; i++) this.askedAgain[i]?.(wait, time);
      return;
    }
    wait.from = time;
    wait.queued = false;
    for (let i = 0; i < this.waitBegan.length; i++) this.waitBegan[i]?.(wait, time);
  }

  private queues(e: EventOf<"contention_begin">, tasks: readonly TaskInfo[]): void {
    const { time } = e;
    const { wait } = this.at(e.task, e.mm, tasks);
    wait.mode = e.mode;
    wait.site = e.site;
    wait.queued = true;
    for (let i = 0; i < this.waitQueued.length; i++) this.waitQueued[i]?.(wait, time);
  }

  private granted(e: EventOf<"granted">, tasks: readonly TaskInfo[]): void {
    const { time } = e;
    const hold = this.at(e.task, e.mm, tasks).open(e.mode, e.site, time);
    hold.granted = true;
    for (let i = 0; i < this.lockOwned.length; i++) this.lockOwned[i]?.(hold, time);
  }

  private returned(e: EventOf<"mmap_lock_acquire_returned">, tasks: readonly TaskInfo[]): void {
    const { time, mode, site } = e;
    const at = this.at(e.task, e.mm, tasks);
    const { wait } = at;
    if (!e.success) {
      wait.failed = true;
      wait.queued = false;
      for (let i = 0; i < this.attemptFailed.length; i++) this.attemptFailed[i]?.(wait, mode, site, time);
      return;
    }
    if (e.downgrade) this.endsHold(at, "W", site, time);
    const hold = this.owned(at, mode, site, time);
    hold.from = time;
    hold.downgraded = e.downgrade;
    for (let i = 0; i < this.holdBegan.length; i++) this.holdBegan[i]?.(hold, time);
    if (!e.downgrade) this.got(wait, hold, time);
  }

  /** The hold that a waker opened for the task, or a new one. */
  private owned(at: OpenAtLock, mode: Mode, site: string, now: number): OpenHold {
    const top = at.depth === 0 ? undefined : at.holds[at.depth - 1];
    if (top !== undefined && top.from < 0) {
      top.mode = mode;
      top.site = site;
      return top;
    }
    const hold = at.open(mode, site, now);
    for (let i = 0; i < this.lockOwned.length; i++) this.lockOwned[i]?.(hold, now);
    return hold;
  }

  private got(wait: OpenWait, hold: OpenHold, now: number): void {
    if (wait.from >= 0) {
      for (let i = 0; i < this.waitEnded.length; i++) this.waitEnded[i]?.(wait, hold, now);
    }
    wait.from = -1;
    wait.failed = false;
    wait.queued = false;
  }

  private endsHold(at: OpenAtLock, mode: Mode, site: string, now: number): void {
    if (at.depth === 0) {
      for (let i = 0; i < this.unseenHoldEnded.length; i++) this.unseenHoldEnded[i]?.(at, mode, site, now);
      return;
    }
    const hold = at.holds[--at.depth] as OpenHold;
    for (let i = 0; i < this.holdEnded.length; i++) this.holdEnded[i]?.(hold, now);
  }

  private beginsOperation(e: EventOf<"op_begin">, tasks: readonly TaskInfo[]): void {
    const task = this.task(e.task, tasks);
    const operation = task.spare.pop() ?? { task, op: "", number: 0, intended: 0, from: 0 };
    operation.op = e.op;
    operation.number = e.number;
    operation.intended = e.intended_ns;
    operation.from = e.time;
    task.operations.push(operation);
    for (let i = 0; i < this.operationBegan.length; i++) this.operationBegan[i]?.(operation, e.time);
  }

  private endsOperation(e: EventOf<"op_end">, tasks: readonly TaskInfo[]): void {
    const task = this.task(e.task, tasks);
    for (const { wait } of task.locks) if (wait.failed) this.givesUp(wait, e.time);
    const { operations } = task;
    for (let i = 0; i < operations.length; i++) {
      const operation = operations[i] as (typeof operations)[number];
      if (operation.number !== e.number || operation.op !== e.op) continue;
      if (i === operations.length - 1) operations.pop();
      else operations.splice(i, 1);
      task.spare.push(operation);
      for (let j = 0; j < this.operationEnded.length; j++) this.operationEnded[j]?.(operation, e.done, e.time);
      return;
    }
  }

  private givesUp(wait: OpenWait, now: number): void {
    wait.failed = false;
    if (wait.from < 0) return;
    for (let i = 0; i < this.waitGivenUp.length; i++) this.waitGivenUp[i]?.(wait, now);
    wait.from = -1;
  }

  private fallsAsleep(e: EventOf<"sleep">, tasks: readonly TaskInfo[]): void {
    const { sleep } = this.task(e.task, tasks);
    sleep.from = e.time;
    sleep.reason = e.reason;
    sleep.site = e.site;
  }

  private wakes(e: EventOf<"wake">, tasks: readonly TaskInfo[]): void {
    const task = this.task(e.task, tasks);
    const { sleep, locks } = task;
    if (sleep.from < 0) return;
    for (let i = 0; i < locks.length; i++) {
      const { depth, holds } = locks[i] as OpenAtLock;
      for (let j = 0; j < depth; j++) holds[j]?.add(sleep.reason, sleep.from, e.time);
    }
    for (let i = 0; i < this.sleepEnded.length; i++) this.sleepEnded[i]?.(sleep, e.time);
    sleep.from = -1;
  }

  private endsVma(span: OpenTask["vmaHold"], hearers: Hearers<"vmaHoldEnded">, now: number): void {
    if (span.from < 0) return;
    for (let i = 0; i < hearers.length; i++) hearers[i]?.(span, now);
    span.from = -1;
  }

  private task(nr: number, tasks: readonly TaskInfo[]): OpenTask {
    const known = this.tasksSoFar[nr];
    if (known !== undefined) return known;
    // Without holes: an array with holes is slower to read.
    for (let i = this.tasksSoFar.length; i <= nr; i++) {
      const { comm = "", role = "" } = tasks[i] ?? {};
      this.tasksSoFar.push(new OpenTask(i, comm, role));
    }
    return this.tasksSoFar[nr] as OpenTask;
  }

  private at(nr: number, mm: string, tasks: readonly TaskInfo[]): OpenAtLock {
    const task = this.task(nr, tasks);
    const { locks } = task;
    for (let i = 0; i < locks.length; i++) {
      const at = locks[i] as OpenAtLock;
      if (at.lock.mm === mm) return at;
    }
    let lock = this.locks.find((one) => one.mm === mm);
    if (lock === undefined) {
      lock = { nr: this.locks.length, mm };
      this.locks.push(lock);
    }
    const at = new OpenAtLock(this.pairs++, task, lock);
    locks.push(at);
    return at;
  }
}

function begins(span: OpenTask["vmaHold"], e: EventOf<"vma_start_read" | "vma_wait_begin">): void {
  span.from = e.time;
  span.mm = e.mm;
  span.vma = e.vma;
  span.site = e.site;
}
