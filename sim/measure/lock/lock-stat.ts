import type { SpanListener } from "../../spans/paired.ts";
import type { AtLock, Hold, SpanHears, Wait } from "../../spans/span.ts";
import { type IoClass, ioClasses, type Mode } from "../../trace/kinds.ts";
import type { Histogram } from "../metrics/histogram.ts";
import { type LockCell, LockCells } from "./lock-cells.ts";
import { addCount, addOpen, addSamples, emptyMetrics, type Metrics, metricKey, type Tags } from "../metrics/metrics.ts";
import { lockTags, metric, setAside, type MetricDeclarations } from "../metrics/declaration.ts";

/** What it gives. */
export const lockStatMetrics: MetricDeclarations = {
  "mmap_sem.hold": metric(
    "duration",
    lockTags,
    "How long the lock is held: acquire_returned to released of one task and mm.",
    "v5.11 include/trace/events/mmap_lock.h",
  ),
  "mmap_sem.wait": metric(
    "duration",
    lockTags,
    "How long is waited for the lock: the first start_locking to acquire_returned. 0 for who has it at once.",
    "v5.11 include/trace/events/mmap_lock.h",
  ),
  "mmap_sem.grant_delay": metric(
    "duration",
    lockTags,
    "How long a queued reader owns the lock before it runs: granted to acquire_returned.",
    "v6.18 kernel/locking/rwsem.c (rwsem_mark_wake)",
  ),
  "mmap_sem.hold_io": metric(
    "duration",
    [...lockTags, "class"],
    "The holder's own sleeps for IO while it has the lock, one sample a hold and class with time above 0; throttle and reclaim are not in the total.",
  ),
  "mmap_sem.contentions": metric("count", lockTags, "Acquisitions whose wait is longer than 0.", "/proc/lock_stat"),
  "mmap_sem.hold_open": metric("count", lockTags, "Holds that had not ended when the run did."),
  "mmap_sem.wait_open": metric("count", lockTags, "Waits that had not ended when the run did."),
  "mmap_sem.tryfail": metric(
    "count",
    ["mm", "role", "site"],
    "Trylocks that failed.",
    "v5.11 include/trace/events/mmap_lock.h",
  ),
};

const modes: readonly Mode[] = ["R", "W"];
/** Classes of `hold_io` that are not in its total. */
const aside = setAside["mmap_sem.hold_io"]?.class ?? [];

/**
 * /proc/lock_stat for `mmap_sem`, from the spans of a trace alone: a simulated and a real trace are measured by the same code.
 *
 * - hold: `acquire_returned` to `released` of the same task and mm. A task may hold several mms, and one mm recursively for
 *   read; releases pair with the last acquisition.
 * - wait: the first `start_locking` since the last success to `acquire_returned`. A failed trylock and the lock that follows
 *   it are one wait, unless the operation ended in between: then the failed attempt was given up.
 * - grant_delay: `granted` to `acquire_returned`, for those a waker gave the lock to.
 * - hold_io: the holder's own sleeps for IO while it has the lock, one sample a hold and class with time > 0. Its total without a
 *   class leaves throttle and reclaim out.
 * - A downgrade ends the W hold and opens an R hold, which has no wait.
 * - What is open at the end is right-censored: a hold and a wait by its age, hold_io by what the open hold has slept so far.
 *   `mmap_sem.hold_open` and `mmap_sem.wait_open` count them.
 *
 * Each is kept for {mm,mode,role,site}; {@link metrics} adds the subsets {mode} and {mode,role}.
 */
export class LockStat implements SpanListener {
  readonly spans: SpanHears = {
    attemptFailed: ({ at }, mode, site) => void this.cell(at, mode, site).tryfails++,
    waitEnded: (wait, hold, now) => this.waited(wait, hold, now),
    holdBegan: (hold, now) => this.acquired(hold, now),
    holdEnded: (hold, now) => this.released(hold, now),
    unseenHoldEnded: () => void this.unmatched++,
    stillOpen: { hold: (hold, now) => this.stillHeld(hold, now), wait: (wait, now) => this.stillWaits(wait, now) },
  };
  private readonly classes: readonly IoClass[];
  private readonly cells = new LockCells();
  /** The cells of a task at a lock, by their number: few, compared by reference before the maps are asked. */
  private readonly byLock: (LockCell[] | undefined)[] = [];
  private unmatched = 0;

  /** @param classes the IO classes of the scenario's devices: they get a `hold_io` key even when nothing slept for them. */
  constructor(classes: readonly IoClass[]) {
    this.classes = classes;
  }

  /** Everything so far. */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const mode of modes) this.addSubsets(metrics, { mode }, null);
    for (const cell of this.cells.all) {
      const { mm, mode, role, site } = cell;
      if (cell.tryfails > 0) addCount(metrics, metricKey("mmap_sem.tryfail", { mm, role, site }), cell.tryfails);
      if (!cell.isAnybodys) continue;
      const { open } = cell;
      if (open.hold.count > 0)
        addCount(metrics, metricKey("mmap_sem.hold_open", { mm, mode, role, site }), open.hold.count);
      if (open.wait.count > 0)
        addCount(metrics, metricKey("mmap_sem.wait_open", { mm, mode, role, site }), open.wait.count);
      const subsets: readonly Tags[] = [{ mode }, { mode, role }, { mm, mode, role, site }];
      for (const tags of subsets) this.addSubsets(metrics, tags, cell);
    }
    if (this.unmatched > 0) addCount(metrics, "mmap_sem.unmatched_release", this.unmatched);
    return metrics;
  }

  private waited({ from }: Wait, { at, mode, site }: Hold, now: number): void {
    const cell = this.cell(at, mode, site);
    cell.wait.record(now - from);
    if (now > from) cell.contentions++;
  }

  private acquired({ at, mode, site, granted, owned }: Hold, now: number): void {
    if (granted) this.cell(at, mode, site).grantDelay.record(now - owned);
  }

  private stillHeld({ at, mode, site, from, sleeps, slept }: Hold, now: number): void {
    const { open } = this.cell(at, mode, site);
    open.hold.record(now - from);
    if (sleeps) recordSleeps(open.holdIo, slept);
  }

  private stillWaits({ at, mode, site, from }: Wait, now: number): void {
    const cell = this.cell(at, mode, site);
    cell.open.wait.record(now - from);
    if (now > from) cell.contentions++;
  }

  private released({ at, mode, site, from, sleeps, slept }: Hold, now: number): void {
    const cell = this.cell(at, mode, site);
    cell.hold.record(now - from);
    if (sleeps) recordSleeps(cell.holdIo, slept);
  }

  private cell(at: AtLock, mode: Mode, site: string): LockCell {
    const cells = this.cellsAt(at);
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as LockCell;
      if (cell.site === site && cell.mode === mode) return cell;
    }
    const cell = this.cells.cell(at.lock.mm, mode, at.task.role, site);
    cells.push(cell);
    return cell;
  }

  private cellsAt({ nr }: AtLock): LockCell[] {
    const known = this.byLock[nr];
    if (known !== undefined) return known;
    const cells: LockCell[] = [];
    this.byLock[nr] = cells;
    return cells;
  }

  private addSubsets(metrics: Metrics, tags: Tags, cell: LockCell | null): void {
    const add = (name: string, samples: Histogram | null, ages: Histogram | null, more: Tags = {}): void => {
      const key = metricKey(name, { ...tags, ...more });
      addSamples(metrics, key, samples);
      if (ages !== null) addOpen(metrics, key, ages);
    };
    const open = cell?.open ?? null;
    add("mmap_sem.hold", cell?.hold ?? null, open?.hold ?? null);
    add("mmap_sem.wait", cell?.wait ?? null, open?.wait ?? null);
    if (cell !== null && cell.grantDelay.count > 0) add("mmap_sem.grant_delay", cell.grantDelay, null);
    addCount(metrics, metricKey("mmap_sem.contentions", tags), cell?.contentions ?? 0);
    const isFullKey = "site" in tags;
    if (!isFullKey) add("mmap_sem.hold_io", null, null);
    ioClasses.forEach((ioClass, i) => {
      const samples = cell?.holdIo[i] ?? null;
      const ages = open?.holdIo[i] ?? null;
      if (!this.classes.includes(ioClass) && (samples?.count ?? 0) + (ages?.count ?? 0) === 0) return;
      add("mmap_sem.hold_io", samples, ages, { class: ioClass });
      if (!isFullKey && !aside.includes(ioClass)) add("mmap_sem.hold_io", samples, ages);
    });
  }
}

/** A sample a class that it slept for. */
function recordSleeps(byClass: readonly Histogram[], slept: readonly number[]): void {
  for (let i = 0; i < ioClasses.length; i++) {
    const ns = slept[i] as number;
    if (ns > 0) (byClass[i] as Histogram).record(ns);
  }
}
