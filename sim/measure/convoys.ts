import type { SlotListener } from "../trace/slots.ts";
import type { Mode } from "../trace/kinds.ts";
import type { TaskInfo } from "../trace/trace.ts";
import type { SavedEvent } from "../trace/event.ts";
import { addTotal, emptyMetrics, type Metrics, metricKey, Total } from "./metrics/metrics.ts";

/** Tasks that wait for one lock at the same time, from which on it is a convoy: fewer meet by chance. */
const convoySize = 4;
/** How much longer than the hold that began it all waits together are, at least, in a convoy. */
const leastAmplification = 2;

/** Tasks that piled up at one lock. Times in ns since the start of the run. */
export interface Convoy {
  readonly mm: string;
  /** The first of them began to wait. */
  readonly onset: number;
  /** The hold that they piled up behind: its task's number, its site and mode, and what the task slept for most in it (`cpu` when it did not). */
  readonly trigger: { readonly task: number; readonly site: string; readonly mode: Mode; readonly slept: string };
  /** Most tasks that waited at once. */
  readonly peak: number;
  /** How long after the end of that hold the last one had the lock. */
  readonly drain_ns: number;
  /** The waits in it together, and how long the trigger held the lock while they waited. Their ratio is the amplification. */
  readonly waited_ns: number;
  readonly held_ns: number;
}

interface Hold {
  readonly task: number;
  readonly site: string;
  readonly mode: Mode;
  readonly from: number;
  /** Its sleeps, ns by reason; null while there is none. */
  slept: Map<string, number> | null;
}

interface Gathering {
  readonly onset: number;
  /** The oldest hold at the onset, until it ends. */
  trigger: Hold | null;
  triggerEnd: number;
  peak: number;
  waited: number;
  last: number;
}

class LockCrowd {
  readonly holds: Hold[] = [];
  readonly waiting = new Set<number>();
  /** Readers that own the lock and do not run yet. */
  readonly granted = new Set<number>();
  gathering: Gathering | null = null;
}

/** Convoys that are kept one by one, the worst. */
const most = 5;

/**
 * Convoys at each lock: at least four tasks wait at once, and all together at least twice as long as the hold they
 * piled up behind went on. A run in which tasks meet only by chance has none.
 *
 * `mmap_sem.convoy{mm,peak,site}` by the trigger's site and the most that waited at once: their times from the onset until nobody
 * waits. `mmap_sem.convoy_wait{mm,site}` and `mmap_sem.convoy_hold{mm,site}`: what amplification is the ratio of;
 * `mmap_sem.convoy_drain{mm,site}`: from the end of the trigger's hold until nobody waits.
 */
export class Convoys implements SlotListener {
  private readonly locks = new Map<string, LockCrowd>();
  private readonly sleeps: { since: number; reason: string }[] = [];
  private readonly found: Convoy[] = [];
  private readonly so = emptyMetrics();

  event(e: SavedEvent, _tasks: readonly TaskInfo[]): void {
    switch (e.kind) {
      case "mmap_lock_start_locking":
        this.waits(this.lock(e.mm), e);
        break;
      case "granted":
        this.lock(e.mm).granted.add(e.task);
        this.lock(e.mm).holds.push(holdOf(e));
        break;
      case "mmap_lock_acquire_returned":
        this.returned(this.lock(e.mm), e);
        break;
      case "mmap_lock_released":
        this.released(this.lock(e.mm), e);
        break;
      case "sleep":
        this.sleeps[e.task] = { since: e.time, reason: e.label };
        break;
      case "wake":
        this.woke(e);
        break;
    }
  }

  /** The worst convoys, most waiting first. */
  get worst(): readonly Convoy[] {
    return this.found;
  }

  metrics(): Metrics {
    return this.so;
  }

  private waits(lock: LockCrowd, e: SavedEvent): void {
    if (lock.waiting.size === 0 && lock.holds.length > 0) {
      const [trigger = null] = lock.holds;
      lock.gathering = { onset: e.time, trigger, triggerEnd: -1, peak: 0, waited: 0, last: e.time };
    }
    this.settle(lock, e.time);
    lock.waiting.add(e.task);
    const { gathering, waiting } = lock;
    if (gathering !== null) gathering.peak = Math.max(gathering.peak, waiting.size);
  }

  private returned(lock: LockCrowd, e: SavedEvent): void {
    this.settle(lock, e.time);
    lock.waiting.delete(e.task);
    if (e.value === 1) {
      if (e.aux === 1) this.released(lock, e);
      if (!lock.granted.delete(e.task)) lock.holds.push(holdOf(e));
    }
    if (lock.waiting.size === 0) this.dispersed(lock, e);
  }

  private released(lock: LockCrowd, e: SavedEvent): void {
    const at = lock.holds.findLastIndex(({ task }) => task === e.task);
    if (at < 0) return;
    const hold = lock.holds[at];
    lock.holds.splice(at, 1);
    const { gathering } = lock;
    if (gathering !== null && gathering.trigger === hold && gathering.triggerEnd < 0) gathering.triggerEnd = e.time;
  }

  private woke(e: SavedEvent): void {
    const sleep = this.sleeps[e.task];
    if (sleep === undefined) return;
    for (const { holds } of this.locks.values()) {
      const hold = holds.find(({ task }) => task === e.task);
      if (hold === undefined) continue;
      hold.slept ??= new Map();
      hold.slept.set(sleep.reason, (hold.slept.get(sleep.reason) ?? 0) + e.time - Math.max(sleep.since, hold.from));
    }
  }

  private settle(lock: LockCrowd, now: number): void {
    const { gathering } = lock;
    if (gathering === null) return;
    gathering.waited += lock.waiting.size * (now - gathering.last);
    gathering.last = now;
  }

  private dispersed(lock: LockCrowd, { mm, time }: SavedEvent): void {
    const { gathering } = lock;
    lock.gathering = null;
    if (gathering?.trigger == null || gathering.peak < convoySize) return;
    const { onset, trigger, peak, waited } = gathering;
    const end = gathering.triggerEnd < 0 ? time : gathering.triggerEnd;
    const held_ns = end - onset;
    if (held_ns === 0 || waited < leastAmplification * held_ns) return;
    const { task, site, mode, slept } = trigger;
    const [longest] = [...(slept ?? [])].sort(([, a], [, b]) => b - a);
    const convoy: Convoy = {
      mm,
      onset,
      trigger: { task, site, mode, slept: longest?.[0] ?? "cpu" },
      peak,
      drain_ns: time - end,
      waited_ns: waited,
      held_ns,
    };
    this.note("mmap_sem.convoy", { mm, peak: String(peak), site }, time - onset);
    this.note("mmap_sem.convoy_wait", { mm, site }, waited);
    this.note("mmap_sem.convoy_hold", { mm, site }, held_ns);
    this.note("mmap_sem.convoy_drain", { mm, site }, convoy.drain_ns);
    this.found.push(convoy);
    this.found.sort((a, b) => b.waited_ns - a.waited_ns || a.onset - b.onset);
    this.found.length = Math.min(this.found.length, most);
  }

  private note(name: string, tags: Readonly<Record<string, string>>, ns: number): void {
    const one = new Total();
    one.add(ns);
    addTotal(this.so, metricKey(name, tags), one);
  }

  private lock(mm: string): LockCrowd {
    let lock = this.locks.get(mm);
    if (lock === undefined) {
      lock = new LockCrowd();
      this.locks.set(mm, lock);
    }
    return lock;
  }
}

function holdOf({ task, site, mode, time }: SavedEvent): Hold {
  return { task, site, mode, from: time, slept: null };
}
