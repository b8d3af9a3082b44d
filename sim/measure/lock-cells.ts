import { ioClasses, type Mode } from "../trace/kinds.ts";
import { Histogram } from "./metrics/histogram.ts";

/** What was measured of one lock, mode, role and site: one row of the finest table. */
export class LockCell {
  readonly mm: string;
  readonly mode: Mode;
  readonly role: string;
  readonly site: string;
  readonly hold = new Histogram();
  readonly wait = new Histogram();
  readonly grantDelay = new Histogram();
  /** By the index of {@link ioClasses}. */
  readonly holdIo = ioClasses.map(() => new Histogram());
  /** Successful acquisitions: holds that ended and holds that did not. */
  acquisitions = 0;
  /** Acquisitions that waited. */
  contentions = 0;
  tryfails = 0;

  constructor(mm: string, mode: Mode, role: string, site: string) {
    this.mm = mm;
    this.mode = mode;
    this.role = role;
    this.site = site;
  }
}

/** All cells of a run, found without building a key. */
export class LockCells {
  private readonly byMm = new Map<string, Map<string, Map<string, { R: LockCell | null; W: LockCell | null }>>>();
  private readonly cells: LockCell[] = [];

  /** Every cell so far, in the order they were first asked for. */
  get all(): readonly LockCell[] {
    return this.cells;
  }

  /** The cell of this lock, mode, role and site; a new one the first time. */
  cell(mm: string, mode: Mode, role: string, site: string): LockCell {
    const roles = inner(this.byMm, mm);
    const sites = inner(roles, role);
    let modes = sites.get(site);
    if (modes === undefined) {
      modes = { R: null, W: null };
      sites.set(site, modes);
    }
    let cell = modes[mode];
    if (cell === null) {
      cell = new LockCell(mm, mode, role, site);
      modes[mode] = cell;
      this.cells.push(cell);
    }
    return cell;
  }
}

function inner<V>(outer: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let map = outer.get(key);
  if (map === undefined) {
    map = new Map();
    outer.set(key, map);
  }
  return map;
}

/** One acquisition that was not released yet. Reused by the next one at the same depth. */
export interface OpenHold {
  cell: LockCell;
  since: number;
  /** The holder slept for IO: {@link io} means something. Holds are many and sleeps are few. */
  slept: boolean;
  /** The holder's sleeps so far, ns, by the index of {@link ioClasses}. */
  readonly io: number[];
}

/** One task and one lock. */
export class TaskLock {
  readonly mm: string;
  /** First start_locking since the last success, -1 when there is none. */
  waitsSince = -1;
  /** The mode it asked for last. */
  waitsFor: Mode = "R";
  waitSite = "";
  /** True when the last attempt failed and nothing was started since. */
  failed = false;
  /** When a waker gave it the lock, -1 when nobody did. */
  grantedAt = -1;
  /** How many of {@link holds} are open: more than one for a recursive reader. */
  depth = 0;
  readonly holds: OpenHold[] = [];
  /** The cells this task used, few: compared by reference before the maps are asked. */
  readonly cells: LockCell[] = [];

  constructor(mm: string) {
    this.mm = mm;
  }

  /** Opens a hold on top of the others. */
  open(cell: LockCell, since: number): void {
    const hold = this.holds[this.depth++];
    if (hold === undefined) {
      this.holds.push({ cell, since, slept: false, io: ioClasses.map(() => 0) });
      return;
    }
    hold.cell = cell;
    hold.since = since;
    hold.slept = false;
  }

  /** Adds a sleep of `ns` to every open hold. */
  sleptFor(ioClass: number, ns: number): void {
    for (let i = 0; i < this.depth; i++) {
      const hold = this.holds[i] as OpenHold;
      if (!hold.slept) hold.io.fill(0);
      hold.slept = true;
      hold.io[ioClass] = (hold.io[ioClass] as number) + ns;
    }
  }

  /** Closes the hold on top and records it; false when there is none. */
  close(time: number): boolean {
    if (this.depth === 0) return false;
    const hold = this.holds[--this.depth] as OpenHold;
    hold.cell.hold.record(time - hold.since);
    if (!hold.slept) return true;
    for (let i = 0; i < hold.io.length; i++) {
      const ns = hold.io[i] as number;
      if (ns > 0) (hold.cell.holdIo[i] as Histogram).record(ns);
    }
    return true;
  }
}
