import type { Mode } from "../../trace/kinds.ts";
import type { Activity } from "./activity.ts";
import type { Doing } from "../window/window.ts";

/** Who has, or asks for, a lock in the ledger's tables: the mode is "" while a lock is free. */
export interface Party {
  readonly nr: number;
  readonly mm: string;
  readonly mode: Mode | "";
  readonly role: string;
  readonly site: string;
}

/** Who has a lock, since when. */
interface BlamedHold {
  by: Asking;
  from: number;
}

/** From `from` to `to` this task was why nobody else got the lock. Used again for another piece: whoever wants to keep it copies it. */
export interface BlamedPiece {
  from: number;
  to: number;
  task: number;
  party: Party;
  doing: Doing;
}

/** Hears that from `from` to `to` a piece, or a part of it, is to blame, and behind which queued writer, if any. */
type BlameVisit = (piece: BlamedPiece, from: number, to: number, carrier: Asking | null) => void;

/** A task that asks for a lock, or has it. */
export interface Asking {
  readonly task: number;
  readonly party: Party;
  /** The same while nobody has the lock: it is on its way to it. */
  readonly free: Party;
  readonly activity: Activity;
}

interface CarrierChange {
  readonly from: number;
  readonly writer: Asking | null;
}

/** Pieces that are kept for those who wait, before they must take their charges. */
const mostPieces = 4096;

/**
 * The history of one lock, for as far back as somebody waits for it: at each moment one task is to blame.
 *
 * Of several holders it is the one that leaves last: had any other left earlier, nobody would have waited less. So the oldest
 * hold is charged, at its end, up to where the oldest of those that go on began; a hold inside another's time is charged nothing.
 * While the lock is free, the first in the queue is charged, which is waking up; without a queue, whoever takes the lock.
 */
export class BlamedLock {
  readonly mm: string;
  /** Tasks with an open wait. Without any, nothing is kept. */
  waiting = 0;
  /** Up to here it is known who is to blame, ns. */
  known = 0;
  private readonly holds: BlamedHold[] = [];
  /** Holds that are over, to be used again. */
  private readonly spare: BlamedHold[] = [];
  /** The first {@link kept} are the history; the others are over, to be used again. */
  private readonly pieces: BlamedPiece[] = [];
  private kept = 0;
  private readonly queue: Asking[] = [];
  private readonly carriers: CarrierChange[] = [];
  private waitersSince = 0;

  constructor(mm: string) {
    this.mm = mm;
  }

  /** Someone began to wait. */
  startsToWait(time: number): void {
    if (this.waiting++ > 0) return;
    this.waitersSince = time;
    this.kept = 0;
    if (this.carriers.length > 1) this.carriers.splice(0, this.carriers.length - 1);
  }

  /** Someone stood in the queue and sleeps. */
  joinsQueue(waiter: Asking, time: number): void {
    if (this.queue.some(({ task }) => task === waiter.task)) return;
    this.queue.push(waiter);
    if (waiter.party.mode === "W") this.noteCarrier(time);
  }

  /** Someone does not stand in the queue any more; nothing when it did not. */
  leavesQueue(task: number, time: number): void {
    const { queue } = this;
    if (queue.length === 0) return;
    const at = queue.findIndex((waiter) => waiter.task === task);
    if (at < 0) return;
    const left = at === 0 ? queue.shift() : queue.splice(at, 1)[0];
    if (left?.party.mode === "W") this.noteCarrier(time);
  }

  /** Someone has the lock from `time` on. */
  taken(taker: Asking, time: number): void {
    if (this.holds.length === 0) {
      const first = this.queue[0] ?? taker;
      this.blame(first, first.free, this.known, time);
      this.known = time;
    }
    const hold = this.spare.pop() ?? { by: taker, from: time };
    hold.by = taker;
    hold.from = time;
    this.holds.push(hold);
  }

  /** `task` lets go of what it took last. */
  released(task: number, time: number): void {
    const { holds } = this;
    let at = holds.length - 1;
    while (at > 0 && holds[at]?.by.task !== task) at--;
    const hold = holds[at] as BlamedHold;
    this.spare.push(hold);
    // Not by splice(), which makes an array of what it takes out.
    for (let i = at + 1; i < holds.length; i++) holds[i - 1] = holds[i] as BlamedHold;
    holds.pop();
    if (at === 0) this.leaves(hold.by, time);
  }

  /** A task lets go that has had the lock since before the trace: it was to blame as far as nobody else is. */
  releasedUnseen(by: Asking, time: number): void {
    if (this.holds.length === 0) this.leaves(by, time);
  }

  /** The oldest hold has ended. */
  private leaves(by: Asking, time: number): void {
    const until = this.holds[0]?.from ?? time;
    this.blame(by, by.party, this.known, until);
    this.known = until;
  }

  /** True when the waiters must take their charges now, up to {@link known}, and {@link forgetPieces}. */
  get isFull(): boolean {
    return this.kept > mostPieces;
  }

  /** All who wait have taken their charges. */
  forgetPieces(): void {
    this.kept = 0;
    this.carriers.splice(0, this.carriers.length - 1);
  }

  /**
   * Visits who is to blame from `from` to `to`, ns, in order and without gaps, and for a reader behind a reader the writer that
   * stands between them. After {@link known} the oldest holder is to blame, though one that leaves later would be.
   */
  forEach(from: number, to: number, mode: Mode, visit: BlameVisit): void {
    let first = this.kept;
    while (first > 0 && (this.pieces[first - 1] as BlamedPiece).to > from) first--;
    for (let i = first; i < this.kept; i++) {
      const piece = this.pieces[i] as BlamedPiece;
      if (piece.from >= to) break;
      this.visitCarried(piece, Math.max(from, piece.from), Math.min(to, piece.to), mode, visit);
    }
    const oldest = this.holds[0];
    if (oldest === undefined || to <= this.known) return;
    const { task, party, activity } = oldest.by;
    activity.forEach(Math.max(from, this.known), to, (begin, end, doing) => {
      this.visitCarried({ from: begin, to: end, task, party, doing }, begin, end, mode, visit);
    });
  }

  private visitCarried(piece: BlamedPiece, from: number, to: number, mode: Mode, visit: BlameVisit): void {
    if (mode === "W" || piece.party.mode !== "R") {
      visit(piece, from, to, null);
      return;
    }
    let at = this.carriers.length;
    while (at > 0 && (this.carriers[at - 1] as CarrierChange).from > from) at--;
    for (let begin = from; begin < to; at++) {
      const writer = this.carriers[at - 1]?.writer ?? null;
      const end = Math.min(to, this.carriers[at]?.from ?? to);
      if (end > begin) visit(piece, begin, end, writer);
      begin = Math.max(begin, end);
    }
  }

  /** Keeps what a task did from `from` to `to`, as `party`, if anybody waited. Who waits for a free lock is waking up. */
  private blame({ activity, task }: Asking, party: Party, from: number, to: number): void {
    if (this.waiting === 0 || to <= this.waitersSince || to <= from) return;
    activity.forEach(Math.max(from, this.waitersSince), to, (begin, end, doing) => {
      const done = party.mode === "" && doing === "mmap_sem" ? "wake-up" : doing;
      this.keep(begin, end, task, party, done);
    });
  }

  private keep(from: number, to: number, task: number, party: Party, doing: Doing): void {
    const piece = this.pieces[this.kept];
    if (piece === undefined) {
      this.pieces.push({ from, to, task, party, doing });
    } else {
      piece.from = from;
      piece.to = to;
      piece.task = task;
      piece.party = party;
      piece.doing = doing;
    }
    this.kept++;
  }

  private noteCarrier(time: number): void {
    const writer = this.queue.find(({ party }) => party.mode === "W") ?? null;
    if (this.carriers.at(-1)?.writer === writer) return;
    this.carriers.push({ from: time, writer });
  }
}
