import type { LoadSteps as Load } from "../scenario.ts";
import type { SlotListener } from "../trace/slots.ts";
import type { Mode } from "../trace/kinds.ts";
import type { TaskInfo } from "../trace/trace.ts";
import type { SavedEvent } from "../trace/event.ts";

/** What happened in one step of a load, in the second half of it, when what came before has had as long to pass. */
export interface StepFigures {
  /** What the pauses are divided by. */
  readonly load: number;
  /** The stretch that is measured, ns. */
  readonly from_ns: number;
  readonly to_ns: number;
  /** Operations of the tasks under the load that ended well. */
  readonly operations: number;
  /** Locks taken. */
  readonly acquisitions: Readonly<Record<Mode, number>>;
  /** Time that tasks spent waiting for a lock in the stretch, together, ns; waits that go on beyond it count as far as they lie in it. */
  readonly waited_ns: Readonly<Record<Mode, number>>;
}

interface Figures {
  readonly load: number;
  readonly from_ns: number;
  readonly to_ns: number;
  operations: number;
  readonly acquisitions: Record<Mode, number>;
  readonly waited_ns: Record<Mode, number>;
}

/** How much work was done and how long tasks waited for locks, step by step of a load. Tasks may be at one lock each at a time. */
export class LoadStepFigures implements SlotListener {
  private readonly figures: Figures[];
  private readonly comms: ReadonlySet<string>;
  private readonly each: number;
  private readonly waiting = new Map<number, Mode>();
  private readonly waiters: Record<Mode, number> = { R: 0, W: 0 };
  private settledTo = 0;

  /** @param comms of the tasks whose operations count. */
  constructor({ steps, each_ns }: Load, comms: ReadonlySet<string>) {
    this.each = each_ns;
    this.comms = comms;
    this.figures = steps.map((load, i) => ({
      load,
      from_ns: Math.round((i + 0.5) * each_ns),
      to_ns: (i + 1) * each_ns,
      operations: 0,
      acquisitions: { R: 0, W: 0 },
      waited_ns: { R: 0, W: 0 },
    }));
  }

  event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    switch (e.kind) {
      case "mmap_lock_start_locking":
        this.settle(e.time);
        if (!this.waiting.has(e.task)) this.waiters[e.mode]++;
        this.waiting.set(e.task, e.mode);
        break;
      case "mmap_lock_acquire_returned":
        this.settle(e.time);
        this.returned(e);
        break;
      case "op_end": {
        const now = this.at(e.time);
        if (now !== null && e.aux === 1 && this.comms.has(tasks[e.task]?.comm ?? "")) now.operations++;
        break;
      }
    }
  }

  /** All steps, with the waits that were still going on at `end` (ns) up to there. */
  steps(end: number): readonly StepFigures[] {
    this.settle(end);
    return this.figures;
  }

  private returned(e: SavedEvent): void {
    const mode = this.waiting.get(e.task);
    if (mode !== undefined) {
      this.waiters[mode]--;
      this.waiting.delete(e.task);
    }
    const now = this.at(e.time);
    if (now !== null && e.value === 1 && e.aux === 0) now.acquisitions[e.mode]++;
  }

  /** The step that is measured at `time`. */
  private at(time: number): Figures | null {
    const now = this.figures[Math.floor(time / this.each)];
    return now === undefined || time < now.from_ns ? null : now;
  }

  private settle(now: number): void {
    const { waiters, settledTo } = this;
    this.settledTo = now;
    if (now === settledTo || waiters.R + waiters.W === 0) return;
    for (let i = Math.floor(settledTo / this.each); i * this.each < now; i++) {
      const step = this.figures[i];
      if (step === undefined) return;
      const ns = Math.min(now, step.to_ns) - Math.max(settledTo, step.from_ns);
      if (ns <= 0) continue;
      step.waited_ns.R += waiters.R * ns;
      step.waited_ns.W += waiters.W * ns;
    }
  }
}
