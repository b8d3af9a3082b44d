import type { SavedEvent } from "../trace/event.ts";
import type { EventKind } from "../trace/kinds.ts";
import type { TaskInfo } from "../trace/trace.ts";
import { replay } from "./replay.ts";
import type { SpanHears } from "./span.ts";

/** What lasts. `granted`: a reader owns the lock and does not run yet; `moment`: it is over at once. */
export type LastingKind =
  | "op"
  | "work"
  | "hold"
  | "granted"
  | "wait"
  | "vma-hold"
  | "vma-wait"
  | "sleep"
  | "run-queue"
  | "io"
  | "async_pf"
  | "moment";

/** Something that lasted, ns: from `from` to `to`, which is infinite when the events do not show the end. */
export interface Lasting {
  readonly kind: LastingKind;
  readonly from: number;
  readonly to: number;
  /** The event that began it; of a wait the last attempt, for the first may have been another mode's. Of a wait in the run queue without its begin the one that ended it. */
  readonly begin: SavedEvent;
  /** The page of the last fault of the task before, -1 without one: what a sleep for IO waits for. */
  readonly page: number;
}

const never = Number.POSITIVE_INFINITY;

/**
 * All that lasts in the events of a trace: what is over in the order of its ends, then the rest in that of its begins.
 *
 * @param moments kinds of events that are wanted beside.
 */
export function lastingIn(
  events: Iterable<SavedEvent>,
  tasks: readonly TaskInfo[],
  moments: ReadonlySet<EventKind>,
): Lasting[] {
  const collector = new Collector(moments);
  replay(collector.watching(events), tasks, [collector]);
  return collector.all();
}

type Begun = Omit<Lasting, "to">;

/** Knows the event that the listeners are being told, so that each span gets the one that began it. */
class Collector {
  readonly spans: SpanHears = {
    waitBegan: ({ at, from }) => {
      this.failed.delete(key("wait", at.nr));
      this.begins("wait", from, at.nr);
    },
    attemptFailed: ({ at }) => void this.failed.add(key("wait", at.nr)),
    askedAgain: ({ at, from }) => {
      this.failed.delete(key("wait", at.nr));
      this.open.get(key("wait", at.nr))?.pop();
      this.begins("wait", from, at.nr);
    },
    waitGivenUp: ({ at }) => void this.open.delete(key("wait", at.nr)),
    waitEnded: ({ at }) => this.ends("wait", at.nr),
    lockOwned: (hold) => {
      if (hold.granted) this.begins("granted", hold.owned, hold.at.nr);
    },
    holdBegan: (hold) => {
      if (hold.granted) this.ends("granted", hold.at.nr);
      this.begins("hold", hold.from, hold.at.nr);
    },
    holdEnded: (hold) => this.ends("hold", hold.at.nr),
  };

  private readonly found: Lasting[] = [];
  private readonly open = new Map<string, Begun[]>();
  /** Waits whose last attempt failed: nobody waits, unless another attempt follows. */
  private readonly failed = new Set<string>();
  private readonly faults = new Map<number, number>();
  private readonly moments: ReadonlySet<EventKind>;
  private now: SavedEvent | null = null;

  constructor(moments: ReadonlySet<EventKind>) {
    this.moments = moments;
  }

  *watching(events: Iterable<SavedEvent>): Iterable<SavedEvent> {
    for (const e of events) {
      this.now = e;
      this.simple(e);
      if (this.moments.has(e.kind)) {
        this.found.push({ kind: "moment", from: e.time, to: e.time, begin: e, page: -1 });
      }
      yield e;
    }
  }

  all(): Lasting[] {
    for (const at of this.failed) this.open.delete(at);
    const open = [...this.open.values()].flat().map((begun) => ({ ...begun, to: never }));
    return [...this.found, ...open];
  }

  /** What one event begins and another ends, whatever else happens. */
  private simple(e: SavedEvent): void {
    const { kind, time, task, mm, label, value, aux } = e;
    switch (kind) {
      case "fault_begin":
        this.faults.set(task, value);
        break;
      case "op_begin":
        this.begins("op", time, task, label, value);
        break;
      case "op_end":
        this.ends("op", task, label, value);
        break;
      case "work_begin":
        this.begins("work", time, task);
        break;
      case "work_end":
        this.ends("work", task);
        break;
      case "sleep":
        this.begins("sleep", time, task);
        break;
      case "wake":
        this.ends("sleep", task);
        break;
      case "sched_out":
        this.begins("run-queue", time, task);
        break;
      case "sched_in":
        this.scheduledIn(e);
        break;
      case "vma_start_read":
        if (value === 1) this.begins("vma-hold", time, task, mm, label);
        break;
      case "vma_end_read":
        this.ends("vma-hold", task, mm, label);
        break;
      case "vma_wait_begin":
        this.begins("vma-wait", time, task, mm, label);
        break;
      case "vma_wait_end":
        this.ends("vma-wait", task, mm, label);
        break;
      case "io_submit":
        this.begins("io", time, label, value);
        break;
      case "io_complete":
        this.ends("io", label, value);
        break;
      case "kvm_async_pf_not_present":
        this.begins("async_pf", time, task, aux);
        break;
      case "kvm_async_pf_ready":
        this.ends("async_pf", task, aux);
        break;
    }
  }

  private scheduledIn(e: SavedEvent): void {
    if (this.ends("run-queue", e.task) || e.value === 0) return;
    this.found.push({ kind: "run-queue", from: e.time - e.value, to: e.time, begin: e, page: -1 });
  }

  private begins(kind: LastingKind, from: number, ...of: readonly (string | number)[]): void {
    const begin = this.now as SavedEvent;
    const begun = { kind, from, begin, page: this.faults.get(begin.task) ?? -1 };
    const list = this.open.get(key(kind, ...of));
    if (list === undefined) this.open.set(key(kind, ...of), [begun]);
    else list.push(begun);
  }

  private ends(kind: LastingKind, ...of: readonly (string | number)[]): boolean {
    const at = key(kind, ...of);
    const list = this.open.get(at);
    const begun = list?.pop();
    if (list === undefined || begun === undefined) return false;
    if (list.length === 0) this.open.delete(at);
    this.found.push({ ...begun, to: (this.now as SavedEvent).time });
    return true;
  }
}

function key(...of: readonly (string | number)[]): string {
  return of.join(" ");
}
