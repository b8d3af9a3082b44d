import { type Mode, type SleepReason, sleepReasons } from "../trace/kinds.ts";
import type { AtLock, Hold, Lock, Operation, Sleep, TaskSpans, VmaSpan, Wait } from "./span.ts";

/** The state behind the spans of `span.ts`, for {@link Spans} to change. */

export class OpenTask implements TaskSpans {
  readonly nr: number;
  readonly comm: string;
  readonly role: string;
  readonly locks: OpenAtLock[] = [];
  readonly sleep: OpenSleep;
  readonly operations: OpenOperation[] = [];
  /** Operations that are over, to be used again. */
  readonly spare: OpenOperation[] = [];
  readonly vmaHold: OpenVma;
  readonly vmaWait: OpenVma;

  constructor(nr: number, comm: string, role: string) {
    this.nr = nr;
    this.comm = comm;
    this.role = role;
    this.sleep = { task: this, from: -1, reason: "swap", site: "" };
    this.vmaHold = { task: this, mm: "", vma: "", site: "", from: -1 };
    this.vmaWait = { task: this, mm: "", vma: "", site: "", from: -1 };
  }
}

/** Something whose fields may change. */
type Open<T> = { -readonly [K in keyof T]: T[K] };
type OpenSleep = Open<Sleep>;
type OpenVma = Open<VmaSpan>;
export type OpenOperation = Open<Operation>;

export class OpenAtLock implements AtLock {
  readonly nr: number;
  readonly task: OpenTask;
  readonly lock: Lock;
  readonly wait: OpenWait;
  depth = 0;
  readonly holds: OpenHold[] = [];

  constructor(nr: number, task: OpenTask, lock: Lock) {
    this.nr = nr;
    this.task = task;
    this.lock = lock;
    this.wait = new OpenWait(this);
  }

  /** A hold on top of the others. */
  open(mode: Mode, site: string, owned: number): OpenHold {
    let hold = this.holds[this.depth++];
    if (hold === undefined) {
      hold = new OpenHold(this);
      this.holds.push(hold);
    }
    hold.mode = mode;
    hold.site = site;
    hold.owned = owned;
    hold.from = -1;
    hold.granted = false;
    hold.downgraded = false;
    hold.sleeps = false;
    return hold;
  }
}

export class OpenWait implements Wait {
  readonly at: AtLock;
  from = -1;
  mode: Mode = "R";
  site = "";
  failed = false;
  queued = false;

  constructor(at: AtLock) {
    this.at = at;
  }
}

export class OpenHold implements Hold {
  readonly at: AtLock;
  mode: Mode = "R";
  site = "";
  owned = -1;
  from = -1;
  granted = false;
  downgraded = false;
  sleeps = false;
  readonly slept = sleepReasons.map(() => 0);

  constructor(at: AtLock) {
    this.at = at;
  }

  /** Adds a sleep that is over. */
  add(reason: SleepReason, from: number, to: number): void {
    if (!this.sleeps) this.slept.fill(0);
    this.sleeps = true;
    const index = sleepReasons.indexOf(reason);
    this.slept[index] = (this.slept[index] as number) + to - Math.max(from, this.owned);
  }
}
