import { type IoClass, ioClasses, type Mode } from "../trace/kinds.ts";
import type { SlotListener } from "../trace/slots.ts";
import type { TaskInfo } from "../trace/trace.ts";
import type { SavedEvent } from "../trace/event.ts";
import type { Histogram } from "./metrics/histogram.ts";
import { type LockCell, LockCells, TaskLock } from "./lock-cells.ts";
import { addCount, addSamples, emptyMetrics, type Metrics, metricKey, type Tags } from "./metrics/metrics.ts";

interface TaskState {
  readonly role: string;
  /** The locks it ever took: one or two, so a list is searched. */
  readonly locks: TaskLock[];
  /** Since when it sleeps for IO, -1 when it does not. */
  sleepsSince: number;
  /** Index of the IO class it sleeps for. */
  ioClass: number;
}

const modes: readonly Mode[] = ["R", "W"];
/** Classes of `hold_io` that are not in its total: the holder waits for memory or for its turn, not for its own page. */
const aside: ReadonlySet<IoClass> = new Set(["throttle", "reclaim"]);

/**
 * /proc/lock_stat for `mmap_sem`, from the trace alone: a simulated and a real trace are measured by the same code.
 *
 * - hold: `acquire_returned` to `released` of the same task and mm. A task may hold several mms, and one mm recursively for
 *   read; releases pair with the last acquisition.
 * - wait: the first `start_locking` since the last success to `acquire_returned`. A failed trylock and the lock that follows
 *   it are one wait, unless the operation ended in between: then the failed attempt was given up.
 * - grant_delay: `granted` to `acquire_returned`, for those a waker gave the lock to.
 * - hold_io: the holder's own sleeps for IO while it has the lock, one sample a hold and class with time > 0. Its total without a
 *   class leaves throttle and reclaim out.
 * - A downgrade ends the W hold and opens an R hold, which has no wait.
 *
 * Each is kept for {mm,mode,role,site}; {@link metrics} adds the subsets {mode} and {mode,role}.
 */
export class LockStat implements SlotListener {
  private readonly classes: readonly IoClass[];
  private readonly cells = new LockCells();
  private readonly tasks: (TaskState | undefined)[] = [];
  private unmatched = 0;

  /** @param classes the IO classes of the scenario's devices: they get a `hold_io` key even when nothing slept for them. */
  constructor(classes: readonly IoClass[]) {
    this.classes = classes;
  }

  event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    switch (e.kind) {
      case "mmap_lock_start_locking":
        this.started(e, this.lock(e, tasks));
        break;
      case "mmap_lock_acquire_returned":
        this.returned(e, tasks);
        break;
      case "mmap_lock_released":
        if (!this.lock(e, tasks).close(e.time)) this.unmatched++;
        break;
      case "granted":
        this.lock(e, tasks).grantedAt = e.time;
        break;
      case "sleep":
        this.slept(e, tasks);
        break;
      case "wake":
        this.woke(e, tasks);
        break;
      case "op_end":
        for (const lock of this.state(e, tasks).locks) if (lock.failed) lock.waitsSince = -1;
        break;
    }
  }

  /**
   * Everything so far. Holds and waits that are open now are counted, as `mmap_sem.hold_open` and `mmap_sem.wait_open`, and
   * have no sample.
   */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const mode of modes) this.addSubsets(metrics, { mode }, null);
    for (const cell of this.cells.all) {
      const { mm, mode, role, site } = cell;
      if (cell.tryfails > 0) addCount(metrics, metricKey("mmap_sem.tryfail", { mm, role, site }), cell.tryfails);
      if (cell.acquisitions === 0) continue;
      const subsets: readonly Tags[] = [{ mode }, { mode, role }, { mm, mode, role, site }];
      for (const tags of subsets) this.addSubsets(metrics, tags, cell);
    }
    for (const task of this.tasks) if (task !== undefined) this.addOpen(metrics, task);
    if (this.unmatched > 0) addCount(metrics, "mmap_sem.unmatched_release", this.unmatched);
    return metrics;
  }

  private started(e: SavedEvent, lock: TaskLock): void {
    if (lock.waitsSince < 0) lock.waitsSince = e.time;
    lock.waitsFor = e.mode;
    lock.waitSite = e.site;
    lock.failed = false;
  }

  private returned(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const task = this.state(e, tasks);
    const lock = lockOf(task, e.mm);
    const cell = this.cell(task, lock, e);
    if (e.value === 0) {
      cell.tryfails++;
      lock.failed = true;
      return;
    }
    const isDowngrade = e.aux === 1;
    if (isDowngrade) {
      if (!lock.close(e.time)) this.unmatched++;
    } else if (lock.waitsSince >= 0) {
      const wait = e.time - lock.waitsSince;
      cell.wait.record(wait);
      if (wait > 0) cell.contentions++;
      lock.waitsSince = -1;
      lock.failed = false;
    }
    if (lock.grantedAt >= 0) {
      cell.grantDelay.record(e.time - lock.grantedAt);
      lock.grantedAt = -1;
    }
    cell.acquisitions++;
    lock.open(cell, e.time);
  }

  private slept(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const ioClass = ioClasses.indexOf(e.label as IoClass);
    if (ioClass < 0) return;
    const task = this.state(e, tasks);
    task.sleepsSince = e.time;
    task.ioClass = ioClass;
  }

  private woke(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const task = this.state(e, tasks);
    if (task.sleepsSince < 0) return;
    const ns = e.time - task.sleepsSince;
    task.sleepsSince = -1;
    for (const lock of task.locks) lock.sleptFor(task.ioClass, ns);
  }

  private lock(e: SavedEvent, tasks: readonly TaskInfo[]): TaskLock {
    return lockOf(this.state(e, tasks), e.mm);
  }

  private state(e: SavedEvent, tasks: readonly TaskInfo[]): TaskState {
    const known = this.tasks[e.task];
    if (known !== undefined) return known;
    const state = { role: tasks[e.task]?.role ?? "", locks: [], sleepsSince: -1, ioClass: 0 };
    // Filled without holes: an array with holes is slower to read.
    while (this.tasks.length < e.task) this.tasks.push(undefined);
    this.tasks[e.task] = state;
    return state;
  }

  private cell(task: TaskState, lock: TaskLock, e: SavedEvent): LockCell {
    for (const cell of lock.cells) if (cell.site === e.site && cell.mode === e.mode) return cell;
    const cell = this.cells.cell(e.mm, e.mode, task.role, e.site);
    lock.cells.push(cell);
    return cell;
  }

  private addSubsets(metrics: Metrics, tags: Tags, cell: LockCell | null): void {
    const add = (name: string, samples: Histogram | null, more: Tags = {}) =>
      addSamples(metrics, metricKey(name, { ...tags, ...more }), samples);
    add("mmap_sem.hold", cell?.hold ?? null);
    add("mmap_sem.wait", cell?.wait ?? null);
    if (cell !== null && cell.grantDelay.count > 0) add("mmap_sem.grant_delay", cell.grantDelay);
    addCount(metrics, metricKey("mmap_sem.contentions", tags), cell?.contentions ?? 0);
    const isFullKey = "site" in tags;
    if (!isFullKey) add("mmap_sem.hold_io", null);
    ioClasses.forEach((ioClass, i) => {
      const samples = cell?.holdIo[i] ?? null;
      if (!this.classes.includes(ioClass) && (samples === null || samples.count === 0)) return;
      add("mmap_sem.hold_io", samples, { class: ioClass });
      if (!isFullKey && !aside.has(ioClass)) add("mmap_sem.hold_io", samples);
    });
  }

  private addOpen(metrics: Metrics, task: TaskState): void {
    const { role } = task;
    for (const lock of task.locks) {
      for (const { cell } of lock.holds.slice(0, lock.depth)) {
        const { mm, mode, site } = cell;
        addCount(metrics, metricKey("mmap_sem.hold_open", { mm, mode, role, site }), 1);
      }
      if (lock.waitsSince < 0 || lock.failed) continue;
      const { mm, waitsFor: mode, waitSite: site } = lock;
      addCount(metrics, metricKey("mmap_sem.wait_open", { mm, mode, role, site }), 1);
    }
  }
}

function lockOf(task: TaskState, mm: string): TaskLock {
  for (const lock of task.locks) if (lock.mm === mm) return lock;
  const lock = new TaskLock(mm);
  task.locks.push(lock);
  return lock;
}
