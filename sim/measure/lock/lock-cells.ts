import { ioClasses, type Mode } from "../../trace/kinds.ts";
import { Histogram } from "../metrics/histogram.ts";

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
  /** What had not ended at the end, by its age; none before. */
  readonly open = {
    hold: new Histogram(),
    wait: new Histogram(),
    /** By the index of {@link ioClasses}: how long it slept so far. */
    holdIo: ioClasses.map(() => new Histogram()),
  };
  /** Those that waited, or still wait. */
  contentions = 0;
  tryfails = 0;

  /** Somebody has, had or waits for the lock. */
  get isAnybodys(): boolean {
    return this.hold.count + this.wait.count + this.open.hold.count + this.open.wait.count > 0;
  }

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
