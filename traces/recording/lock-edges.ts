import type { Mode } from "../../sim/trace/kinds.ts";
import type { EventOf } from "../../sim/trace/event.ts";

/**
 * Edges of a trace that have no other half. At its begin and end there are always some; more of them means that events were lost.
 */
export interface UnmatchedEdges {
  /** Answers to an attempt that began before the trace. */
  acquired_without_start: number;
  /** Releases of what was taken before the trace, or under another mode. */
  released_without_hold: number;
  /** Attempts that had no answer when the next one began. */
  start_without_answer: number;
  /** At the end of the trace. */
  open_waits: number;
  open_holds: number;
}

/** One task at one mm. */
interface AtLock {
  readonly mm: string;
  started: boolean;
  readonly held: Mode[];
}

/** Pairs the edges of each task and mm, finds the downgrades, and knows which mm a contention is about. */
export class LockEdges {
  /** By task: it is at one lock or two. */
  private readonly atLocks: (AtLock[] | undefined)[] = [];
  /** The attempt of each task that has no answer yet. */
  private readonly asking = new Map<number, { readonly mm: string; readonly mode: Mode }>();
  /** The lock and mm that each task sleeps for. */
  private readonly contended = new Map<number, { readonly lock: string; readonly mm: string; readonly mode: Mode }>();
  private readonly counts: UnmatchedEdges = {
    acquired_without_start: 0,
    released_without_hold: 0,
    start_without_answer: 0,
    open_waits: 0,
    open_holds: 0,
  };

  started({ task, mm, mode }: EventOf<"mmap_lock_start_locking">): void {
    const at = this.at(task, mm);
    if (at.started) this.counts.start_without_answer++;
    at.started = true;
    this.asking.set(task, { mm, mode });
  }

  /** True when this is a downgrade: shared, without a start, by a task that has the lock exclusive. */
  returned({ task, mm, mode, success }: EventOf<"mmap_lock_acquire_returned">): boolean {
    const at = this.at(task, mm);
    this.asking.delete(task);
    const isDowngrade = success && mode === "R" && !at.started && at.held.at(-1) === "W";
    if (isDowngrade) at.held.pop();
    else if (!at.started) this.counts.acquired_without_start++;
    at.started = false;
    if (success) at.held.push(mode);
    return isDowngrade;
  }

  released({ task, mm, mode }: EventOf<"mmap_lock_released">): void {
    const held = this.at(task, mm).held.pop();
    if (held !== mode) this.counts.released_without_hold++;
  }

  /** What a task that begins to sleep for `lock` waits for; `null` when it is no mmap_lock: it asks for none, or in another mode. */
  contentionBegin(task: number, lock: string, mode: Mode | null): { readonly mm: string; readonly mode: Mode } | null {
    const asked = this.asking.get(task);
    if (asked === undefined || asked.mode !== mode) return null;
    this.contended.set(task, { lock, ...asked });
    return asked;
  }

  /** What a task has waited for; `null` when that began before the trace, or is no mmap_lock. */
  contentionEnd(task: number, lock: string): { readonly mm: string; readonly mode: Mode } | null {
    const contended = this.contended.get(task);
    if (contended?.lock !== lock) return null;
    this.contended.delete(task);
    return contended;
  }

  /** The edges without another half, once the trace is over. */
  unmatched(): UnmatchedEdges {
    const all = this.atLocks.flatMap((own) => own ?? []);
    return {
      ...this.counts,
      open_waits: all.filter(({ started }) => started).length,
      open_holds: all.reduce((sum, { held }) => sum + held.length, 0),
    };
  }

  private at(task: number, mm: string): AtLock {
    const own = this.atLocks[task] ?? [];
    this.atLocks[task] = own;
    for (let i = 0; i < own.length; i++) if (own[i]?.mm === mm) return own[i] as AtLock;
    const at = { mm, started: false, held: [] };
    own.push(at);
    return at;
  }
}
