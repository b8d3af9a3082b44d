import type { SlotListener } from "../../trace/slots.ts";
import type { Mode } from "../../trace/kinds.ts";
import type { TaskInfo } from "../../trace/trace.ts";
import type { SavedEvent } from "../../trace/event.ts";
import { Activity } from "./activity.ts";
import { type Asking, type BlamedHold, BlamedLock, type BlamedPiece, type Party } from "./blame-lock.ts";
import { BlameTotals, WaitCharges } from "./blame-totals.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Charge, ChargedWait } from "../window/window.ts";

/** One task at one lock. */
interface AtLock {
  readonly lock: BlamedLock;
  /** First start_locking since the last success, -1 when there is none. */
  since: number;
  waiter: Party | null;
  /** The last attempt failed and nothing was started since. */
  failed: boolean;
  grantedAt: number;
  /** Up to here the wait is charged already. */
  chargedTo: number;
  /** What it is charged so far; null until there is something. */
  early: WaitCharges | null;
  /** The same piece by piece, when somebody wants to hear of it. */
  charges: Charge[];
}

interface TaskState {
  readonly nr: number;
  readonly role: string;
  readonly activity: Activity;
  readonly locks: AtLock[];
  /** Few: compared by reference before a new one is made. */
  readonly parties: Party[];
  holds: number;
}

/** Hears of each wait when it ends. */
export type WaitSink = (wait: ChargedWait) => void;

/**
 * The blame ledger: every waited nanosecond of every `mmap_sem.wait` is charged to a task that had the lock, its site, and what
 * it was doing at that moment, from the trace alone.
 *
 * - Of several holders it is the one that leaves last; see {@link BlamedLock}.
 * - A reader that waits behind a queued writer for readers is charged to the reader that has the lock; the first queued writer is
 *   named as the carrier.
 * - A reader owns the lock from `granted` on. From there its own wake-up is to blame for its wait, and it for those of others.
 * - What waits for the lock of another mm, or for the readers of a mapping, is charged as such: two locks are not mixed up.
 *
 * The charges of a wait sum to the wait, exactly. `mmap_sem.blame{carrier,cause,holder_mode,holder_role,holder_site,mm,mode,role,site}`:
 * one sample for each wait and distinct blame; holder_mode is `none` while the lock was free, carrier `none` without one.
 */
export class BlameLedger implements SlotListener {
  private readonly tasks: (TaskState | undefined)[] = [];
  private readonly locks: BlamedLock[] = [];
  private readonly totals = new BlameTotals();
  private readonly scratch = new WaitCharges();
  private readonly sink: WaitSink | null;

  /** @param sink hears of each wait that was not over at once, with its charges. */
  constructor(sink: WaitSink | null = null) {
    this.sink = sink;
  }

  event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    if (e.task < 0) return;
    switch (e.kind) {
      case "mmap_lock_start_locking":
        this.started(e, tasks);
        break;
      case "mmap_lock_acquire_returned":
        this.returned(e, tasks);
        break;
      case "mmap_lock_released":
        this.released(e, tasks);
        break;
      case "granted":
        this.granted(e, tasks);
        break;
      case "contention_begin":
        this.queued(e, tasks);
        break;
      case "op_end":
        this.gaveUp(this.state(e, tasks), e.time);
        break;
      case "sleep":
      case "wake":
      case "sched_in":
      case "sched_out":
      case "vma_wait_begin":
      case "vma_wait_end":
        this.state(e, tasks).activity.event(e);
        break;
    }
  }

  /** The ledger so far. Waits that are open now are not in it. */
  metrics(): Metrics {
    return this.totals.metrics();
  }

  private started(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const task = this.state(e, tasks);
    task.activity.event(e);
    const at = this.at(task, e.mm);
    at.waiter = this.party(task, e.mm, e.mode, e.site);
    at.failed = false;
    if (at.since >= 0) return;
    at.since = e.time;
    at.chargedTo = e.time;
    at.lock.startsToWait(e.time);
  }

  private returned(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const task = this.state(e, tasks);
    const at = this.at(task, e.mm);
    if (e.value === 0) {
      task.activity.event(e);
      at.failed = true;
      at.lock.leavesQueue(e.task, e.time);
      return;
    }
    if (e.aux === 1) this.letGo(task, at, e);
    if (at.grantedAt < 0) this.opened(task, at, e);
    task.activity.event(e);
    if (at.since >= 0 && e.aux === 0) this.ended(task, at, e);
    at.grantedAt = -1;
  }

  private granted(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const task = this.state(e, tasks);
    const at = this.at(task, e.mm);
    this.opened(task, at, e);
    task.activity.event(e);
    at.grantedAt = e.time;
  }

  private opened(task: TaskState, at: AtLock, e: SavedEvent): void {
    const { lock } = at;
    const { nr, activity } = task;
    const party = this.party(task, e.mm, e.mode, e.site);
    lock.taken({ task: nr, party, from: e.time, activity }, this.asking(task, e));
    lock.leavesQueue(nr, e.time);
    task.holds++;
    activity.remember(e.time);
  }

  private released(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const task = this.state(e, tasks);
    this.letGo(task, this.at(task, e.mm), e);
  }

  private letGo(task: TaskState, at: AtLock, e: SavedEvent): void {
    const { nr, activity } = task;
    const unseen = (): BlamedHold => ({
      task: nr,
      party: this.party(task, e.mm, e.aux === 1 ? "W" : e.mode, e.site),
      from: at.lock.known,
      activity,
    });
    if (!at.lock.released(nr, e.time, unseen)) return;
    if (--task.holds === 0) activity.forget();
    if (at.lock.isFull) this.chargeEarly(at.lock);
  }

  private queued(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const task = this.state(e, tasks);
    task.activity.remember(e.time);
    this.at(task, e.mm).lock.joinsQueue(this.asking(task, e), e.time);
  }

  private asking(task: TaskState, e: SavedEvent): Asking {
    const { nr, activity } = task;
    const party = this.party(task, e.mm, e.mode, e.site);
    return { task: nr, party, free: this.party(task, e.mm, "", e.site), activity };
  }

  /** The wait is over: what is left of it is charged, and all of it entered. */
  private ended(task: TaskState, at: AtLock, e: SavedEvent): void {
    const { lock, since, grantedAt } = at;
    lock.waiting--;
    at.since = -1;
    at.failed = false;
    const wait = e.time - since;
    if (wait === 0) return;
    const waiter = at.waiter as Party;
    const charges = at.early ?? this.scratch;
    this.charge(at, grantedAt < 0 ? e.time : grantedAt, charges);
    if (grantedAt >= 0) {
      const self = this.party(task, e.mm, e.mode, e.site);
      task.activity.forEach(grantedAt, e.time, (from, to, doing) =>
        this.add(at, charges, { from, to, task: task.nr, party: self, doing }, null),
      );
    }
    this.totals.enter(waiter, charges);
    charges.clear();
    at.early = null;
    if (this.sink === null) return;
    const { mm, site } = waiter;
    this.sink({ task: task.nr, mm, mode: e.mode, site, from: since, to: e.time, charges: at.charges });
    at.charges = [];
  }

  /** Charges the wait up to `to`, where it is not charged yet. */
  private charge(at: AtLock, to: number, charges: WaitCharges): void {
    const mode = (at.waiter as Party).mode as Mode;
    at.lock.forEach(at.chargedTo, to, mode, (piece, carrier) => this.add(at, charges, piece, carrier));
    at.chargedTo = to;
  }

  private add(at: AtLock, charges: WaitCharges, piece: BlamedPiece, carrier: Asking | null): void {
    const { from, to, task, party, doing } = piece;
    charges.add(party, carrier?.party ?? null, doing, to - from);
    if (this.sink === null) return;
    at.charges.push({
      from,
      to,
      holder: task,
      holderMode: party.mode,
      holderSite: party.site,
      cause: doing,
      carrier: carrier?.task ?? -1,
      carrierSite: carrier?.party.site ?? "",
    });
  }

  /** The lock's history is long: those who still wait take their charges, so that it can be forgotten. */
  private chargeEarly(lock: BlamedLock): void {
    for (const task of this.tasks) {
      for (const at of task?.locks ?? []) {
        if (at.lock !== lock || at.since < 0) continue;
        at.early ??= new WaitCharges();
        this.charge(at, Math.max(at.chargedTo, lock.known), at.early);
      }
    }
    lock.forgetPieces();
  }

  /** An operation ended: an attempt that failed was given up, and is no wait. */
  private gaveUp(task: TaskState, time: number): void {
    for (const at of task.locks) {
      if (!at.failed || at.since < 0) continue;
      at.since = -1;
      at.early = null;
      at.charges = [];
      at.lock.waiting--;
      at.lock.leavesQueue(task.nr, time);
    }
  }

  private state(e: SavedEvent, tasks: readonly TaskInfo[]): TaskState {
    const known = this.tasks[e.task];
    if (known !== undefined) return known;
    const role = tasks[e.task]?.role ?? "";
    const state = { nr: e.task, role, activity: new Activity(), locks: [], parties: [], holds: 0 };
    this.tasks[e.task] = state;
    return state;
  }

  private at(task: TaskState, mm: string): AtLock {
    for (const at of task.locks) if (at.lock.mm === mm) return at;
    let lock = this.locks.find((known) => known.mm === mm);
    if (lock === undefined) {
      lock = new BlamedLock(mm);
      this.locks.push(lock);
    }
    const at = { lock, since: -1, waiter: null, failed: false, grantedAt: -1, chargedTo: 0, early: null, charges: [] };
    task.locks.push(at);
    return at;
  }

  private party(task: TaskState, mm: string, mode: Mode | "", site: string): Party {
    for (const party of task.parties) {
      if (party.site === site && party.mode === mode && party.mm === mm) return party;
    }
    const party = this.totals.party(mm, mode, task.role, site);
    task.parties.push(party);
    return party;
  }
}
