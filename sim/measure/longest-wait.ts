import type { SlotListener } from "../trace/slots.ts";
import type { Mode } from "../trace/kinds.ts";
import type { SavedEvent } from "../trace/event.ts";

/** A wait for an mmap_sem, ns since the start of the run. */
export interface LongWait {
  readonly task: number;
  readonly mm: string;
  readonly mode: Mode;
  readonly from: number;
  readonly to: number;
  /** False when it went on at the end of the run, which then is `to`. */
  readonly ended: boolean;
}

/** A task that asked for an mmap_sem. */
interface Asking {
  readonly mm: string;
  mode: Mode;
  /** -1 when it does not ask. */
  since: number;
  /** The last attempt failed. */
  failed: boolean;
}

/**
 * The longest wait of a run, of readers if any waited: of equals the first. From start_locking to the lock, as lock_stat has it, or to
 * the last event for one that never got it.
 */
export class LongestWait implements SlotListener {
  /** By task: the locks it ever asked for, one or two. */
  private readonly asking: (Asking[] | undefined)[] = [];
  private last = 0;
  private readonly longest: Record<Mode, LongWait | null> = { R: null, W: null };

  event(e: SavedEvent): void {
    this.last = e.time;
    if (e.kind === "mmap_lock_start_locking") this.asks(e);
    else if (e.kind === "mmap_lock_acquire_returned") this.returned(e);
    else if (e.kind === "op_end") this.givesUp(e.task);
  }

  /** `null` when nobody waited. */
  get wait(): LongWait | null {
    const longest = { ...this.longest };
    this.asking.forEach((locks, task) => {
      for (const one of locks ?? []) if (one.since >= 0) keepLonger(longest, task, one, this.last, false);
    });
    return longest.R ?? longest.W;
  }

  private asks({ task, mm, mode, time }: SavedEvent): void {
    const one = this.find(task, mm);
    if (one === undefined) {
      const locks = this.asking[task] ?? [];
      locks.push({ mm, mode, since: time, failed: false });
      this.asking[task] = locks;
      return;
    }
    one.mode = mode;
    one.failed = false;
    if (one.since < 0) one.since = time;
  }

  private returned({ task, mm, value, time }: SavedEvent): void {
    const one = this.find(task, mm);
    if (one === undefined) return;
    one.failed = value === 0;
    if (one.failed || one.since < 0) return;
    keepLonger(this.longest, task, one, time, true);
    one.since = -1;
  }

  /** A failed attempt belongs to the next one only within an operation. */
  private givesUp(task: number): void {
    const locks = this.asking[task];
    if (locks !== undefined) for (const one of locks) if (one.failed) one.since = -1;
  }

  private find(task: number, mm: string): Asking | undefined {
    const locks = this.asking[task];
    if (locks !== undefined) for (const one of locks) if (one.mm === mm) return one;
    return undefined;
  }
}

function keepLonger(
  longest: Record<Mode, LongWait | null>,
  task: number,
  { mm, mode, since }: Asking,
  to: number,
  ended: boolean,
): void {
  const known = longest[mode];
  if (to - since > (known === null ? 0 : known.to - known.from))
    longest[mode] = { task, mm, mode, from: since, to, ended };
}
