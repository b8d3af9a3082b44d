import type { SpanListener } from "../../spans/paired.ts";
import type { AtLock, Hold, SpanHears, Wait } from "../../spans/span.ts";
import type { Mode } from "../../trace/kinds.ts";
import type { Hears, TaskInfo } from "../../trace/trace.ts";
import { Activity, activityHears } from "./activity.ts";
import { type Asking, BlamedLock, type BlamedPiece, type Party } from "./blame-lock.ts";
import { BlameTotals, WaitCharges } from "./blame-totals.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Charge, ChargedWait } from "../window/window.ts";
import { lockTags, metric, type MetricDeclarations } from "../metrics/declaration.ts";

/** What it gives. */
export const blameMetrics: MetricDeclarations = {
  "mmap_sem.blame": metric(
    "total",
    [...lockTags, "carrier", "cause", "holder_mode", "holder_role", "holder_site"],
    "Waited time, charged to a task that had the lock, its site and what it was doing then; the sums equal the waits.",
  ),
};

/** What the ledger keeps of one task at one lock. */
interface Account {
  readonly task: TaskState;
  readonly lock: BlamedLock;
  /** First start_locking of the wait that goes on, -1 when there is none. */
  since: number;
  waiter: Party | null;
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
  /** Few, used again and again: compared by reference before a new one is made. */
  readonly parties: Party[];
  readonly askings: Asking[];
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
export class BlameLedger implements SpanListener {
  readonly spans: SpanHears = {
    waitBegan: (wait, now) => this.asked(wait, now),
    askedAgain: (wait, now) => this.asked(wait, now),
    attemptFailed: ({ at }, _mode, site, now) => this.failed(at, site, now),
    waitQueued: (wait, now) => this.queued(wait, now),
    lockOwned: (hold, now) => this.owned(hold, now),
    holdBegan: ({ at, site }, now) => this.account(at).task.activity.does("cpu", site, now),
    waitEnded: (_wait, hold, now) => this.ended(hold, now),
    holdEnded: (hold, now) => this.released(hold, now),
    unseenHoldEnded: (at, mode, site, now) => this.releasedUnseen(at, mode, site, now),
    waitGivenUp: ({ at }, now) => this.gaveUp(this.account(at), now),
  };
  readonly hears: Hears = activityHears((task, tasks) => this.state(task, tasks[task]).activity);
  private readonly tasks: (TaskState | undefined)[] = [];
  private readonly locks: BlamedLock[] = [];
  /** By the number of task and lock. */
  private readonly accounts: Account[] = [];
  private readonly totals = new BlameTotals();
  private readonly scratch = new WaitCharges();
  private readonly sink: WaitSink | null;

  /** @param sink hears of each wait that was not over at once, with its charges. */
  constructor(sink: WaitSink | null = null) {
    this.sink = sink;
  }

  /** The ledger so far. Waits that are open now are not in it. */
  metrics(): Metrics {
    return this.totals.metrics();
  }

  private asked({ at, mode, site }: Wait, now: number): void {
    const account = this.account(at);
    const { task, lock } = account;
    task.activity.does("mmap_sem", site, now);
    account.waiter = this.party(task, lock.mm, mode, site);
    if (account.since >= 0) return;
    account.since = now;
    account.chargedTo = now;
    lock.startsToWait(now);
  }

  private failed(at: AtLock, site: string, now: number): void {
    const { task, lock } = this.account(at);
    task.activity.does("cpu", site, now);
    lock.leavesQueue(task.nr, now);
  }

  private queued({ at, mode, site }: Wait, now: number): void {
    const { task, lock } = this.account(at);
    task.activity.remember(now);
    lock.joinsQueue(this.asking(task, lock.mm, mode, site), now);
  }

  private owned({ at, mode, site, granted }: Hold, now: number): void {
    const { task, lock } = this.account(at);
    const { nr, activity } = task;
    lock.taken(this.asking(task, lock.mm, mode, site), now);
    lock.leavesQueue(nr, now);
    task.holds++;
    activity.remember(now);
    if (granted) activity.does("wake-up", site, now);
  }

  private released({ at }: Hold, now: number): void {
    const { task, lock } = this.account(at);
    lock.released(task.nr, now);
    if (--task.holds === 0) task.activity.forget();
    if (lock.isFull) this.chargeEarly(lock);
  }

  private releasedUnseen(at: AtLock, mode: Mode, site: string, now: number): void {
    const { task, lock } = this.account(at);
    lock.releasedUnseen(this.asking(task, lock.mm, mode, site), now);
  }

  private asking(task: TaskState, mm: string, mode: Mode, site: string): Asking {
    const { nr, activity, askings } = task;
    const party = this.party(task, mm, mode, site);
    for (let i = 0; i < askings.length; i++) if (askings[i]?.party === party) return askings[i] as Asking;
    const asking = { task: nr, party, free: this.party(task, mm, "", site), activity };
    askings.push(asking);
    return asking;
  }

  /** The wait is over: what is left of it is charged, and all of it entered. */
  private ended(hold: Hold, now: number): void {
    const account = this.account(hold.at);
    const { task, lock, since } = account;
    lock.waiting--;
    account.since = -1;
    if (now === since) return;
    const { mode, site, granted, owned } = hold;
    const waiter = account.waiter as Party;
    const charges = account.early ?? this.scratch;
    this.charge(account, granted ? owned : now, charges);
    if (granted) {
      const self = this.party(task, lock.mm, mode, site);
      task.activity.forEach(owned, now, (from, to, doing) =>
        this.add(account, charges, { from, to, task: task.nr, party: self, doing }, from, to, null),
      );
    }
    this.totals.enter(waiter, charges);
    charges.clear();
    account.early = null;
    if (this.sink === null) return;
    this.sink({ task: task.nr, mm: lock.mm, mode, site: waiter.site, from: since, to: now, charges: account.charges });
    account.charges = [];
  }

  /** Charges the wait up to `to`, where it is not charged yet. */
  private charge(at: Account, to: number, charges: WaitCharges): void {
    const mode = (at.waiter as Party).mode as Mode;
    at.lock.forEach(at.chargedTo, to, mode, (piece, begin, end, carrier) =>
      this.add(at, charges, piece, begin, end, carrier),
    );
    at.chargedTo = to;
  }

  /** Charges the part of a piece from `from` to `to`. */
  private add(
    at: Account,
    charges: WaitCharges,
    { task, party, doing }: BlamedPiece,
    from: number,
    to: number,
    carrier: Asking | null,
  ): void {
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
    for (const account of this.accounts) {
      if (account?.lock !== lock || account.since < 0) continue;
      account.early ??= new WaitCharges();
      this.charge(account, Math.max(account.chargedTo, lock.known), account.early);
    }
    lock.forgetPieces();
  }

  /** An operation ended: an attempt that failed was given up, and is no wait. */
  private gaveUp(account: Account, now: number): void {
    account.since = -1;
    account.early = null;
    account.charges = [];
    account.lock.waiting--;
    account.lock.leavesQueue(account.task.nr, now);
  }

  private state(nr: number, info: Pick<TaskInfo, "role"> | undefined): TaskState {
    const known = this.tasks[nr];
    if (known !== undefined) return known;
    const state = { nr, role: info?.role ?? "", activity: new Activity(), parties: [], askings: [], holds: 0 };
    this.tasks[nr] = state;
    return state;
  }

  private account(at: AtLock): Account {
    const known = this.accounts[at.nr];
    if (known !== undefined) return known;
    let lock = this.locks[at.lock.nr];
    if (lock === undefined) {
      lock = new BlamedLock(at.lock.mm);
      this.locks[at.lock.nr] = lock;
    }
    const task = this.state(at.task.nr, at.task);
    const account = { task, lock, since: -1, waiter: null, chargedTo: 0, early: null, charges: [] };
    this.accounts[at.nr] = account;
    return account;
  }

  private party(task: TaskState, mm: string, mode: Mode | "", site: string): Party {
    const { parties } = task;
    for (let i = 0; i < parties.length; i++) {
      const party = parties[i] as Party;
      if (party.site === site && party.mode === mode && party.mm === mm) return party;
    }
    const party = this.totals.party(mm, mode, task.role, site);
    task.parties.push(party);
    return party;
  }
}
