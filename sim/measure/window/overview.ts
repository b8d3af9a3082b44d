import type { SpanListener } from "../../spans/paired.ts";
import type { AtLock, SpanHears } from "../../spans/span.ts";
import type { Hears } from "../../trace/trace.ts";

/** A run at a glance: it is cut into slots of equal length, and each list has a value a slot. Plain data. */
export interface RunOverview {
  /** Length of a slot, ns. The last one may reach beyond the end of the run. */
  readonly slot_ns: number;
  /** p99 of the waits that ended in the slot, by nearest rank: of up to a hundred the longest. Null where none ended. ns. */
  readonly wait_p99_ns: readonly (number | null)[];
  /** The most tasks that slept at once in the queues of mmap_sems. Who spins is in none. */
  readonly queued: readonly number[];
  /** The most IOs that were in flight at once, of all devices. */
  readonly in_flight: readonly number[];
}

/** Slots of a run: about as many as there is room for on a narrow screen. */
const slots = 240;

/** Draws the overview of one run. What is still waited for at its end counts in the last slot, with its age. */
export class Overview implements SpanListener {
  readonly spans: SpanHears = {
    waitQueued: ({ at }, now) => {
      this.asleep.add(at.nr);
      set(this.queue, this.asleep.size, this.slotOf(now));
    },
    attemptFailed: ({ at }, _mode, _site, now) => this.leaves(at, now),
    lockOwned: ({ at }, now) => this.leaves(at, now),
    waitEnded: ({ from }, _hold, now) => this.ends(now - from, now),
    stillOpen: { wait: ({ from }, now) => this.ends(now - from, now) },
  };
  readonly hears: Hears = {
    io_submit: ({ time }) => set(this.inFlight, this.inFlight.now + 1, this.slotOf(time)),
    io_complete: ({ time }) => set(this.inFlight, this.inFlight.now - 1, this.slotOf(time)),
  };
  private readonly slot: number;
  private readonly waits: number[][] = [];
  /** Who sleeps in a queue, by the number of task and lock. */
  private readonly asleep = new Set<number>();
  private readonly queue: Level = { now: 0, slot: 0, most: [0] };
  private readonly inFlight: Level = { now: 0, slot: 0, most: [0] };

  /** @param duration of the run, ns. */
  constructor(duration: number) {
    this.slot = Math.max(1, Math.ceil(duration / slots));
  }

  /** @param end of the run, ns. */
  series(end: number): RunOverview {
    const last = this.slotOf(Math.max(0, end - 1));
    for (const level of [this.queue, this.inFlight]) reach(level, last);
    const all = Array.from({ length: last + 1 }, (_, i) => i);
    return {
      slot_ns: this.slot,
      wait_p99_ns: all.map((i) => nearestRank(this.waits[i] ?? [])),
      queued: all.map((i) => this.queue.most[i] ?? 0),
      in_flight: all.map((i) => this.inFlight.most[i] ?? 0),
    };
  }

  private ends(length: number, now: number): void {
    if (length === 0) return;
    const slot = this.slotOf(now);
    const waits = this.waits[slot] ?? [];
    this.waits[slot] = waits;
    waits.push(length);
  }

  private leaves({ nr }: AtLock, now: number): void {
    if (this.asleep.delete(nr)) set(this.queue, this.asleep.size, this.slotOf(now));
  }

  private slotOf(time: number): number {
    return Math.floor(time / this.slot);
  }
}

/** How many there are now, and the most there were in each slot up to `slot`. */
interface Level {
  now: number;
  slot: number;
  readonly most: number[];
}

function set(level: Level, now: number, slot: number): void {
  reach(level, slot);
  level.now = now;
  level.most[slot] = Math.max(level.most[slot] ?? 0, now);
}

/** What was there at the end of a slot is there in the next. */
function reach(level: Level, slot: number): void {
  while (level.slot < slot) level.most[++level.slot] = level.now;
}

function nearestRank(waits: readonly number[]): number | null {
  if (waits.length === 0) return null;
  return [...waits].sort((a, b) => a - b)[Math.ceil(0.99 * waits.length) - 1] as number;
}
