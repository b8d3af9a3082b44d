import type { LoadSteps as Load } from "../scenario.ts";
import type { SpanListener } from "../spans/paired.ts";
import type { AtLock, SpanHears } from "../spans/span.ts";
import type { Mode } from "../trace/kinds.ts";

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

/** How much work was done and how long tasks waited for locks, step by step of a load. */
export class LoadStepFigures implements SpanListener {
  readonly spans: SpanHears = {
    waitBegan: ({ at }) => {
      this.known[at.nr] = at;
    },
    waitEnded: (wait, hold, now) => addWait(this.figures, this.each, hold.mode, wait.from, now),
    holdBegan: ({ mode, downgraded }, now) => {
      const step = this.at(now);
      if (step !== null && !downgraded) step.acquisitions[mode]++;
    },
    operationEnded: ({ task }, done, now) => {
      const step = this.at(now);
      if (step !== null && done && this.comms.has(task.comm)) step.operations++;
    },
  };
  private readonly figures: Figures[];
  private readonly comms: ReadonlySet<string>;
  private readonly each: number;
  /** By the number of task and lock. */
  private readonly known: AtLock[] = [];

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

  /** All steps, with the waits that were still going on at `end` (ns) up to there. */
  steps(end: number): readonly StepFigures[] {
    const all = this.figures.map((step) => ({ ...step, waited_ns: { ...step.waited_ns } }));
    this.known.forEach(({ wait: { from, mode, failed } }) => {
      if (from >= 0 && !failed) addWait(all, this.each, mode, from, end);
    });
    return all;
  }

  /** The step that is measured at `time`. */
  private at(time: number): Figures | null {
    const now = this.figures[Math.floor(time / this.each)];
    return now === undefined || time < now.from_ns ? null : now;
  }
}

/** Adds to each step the part of a wait that lies in its measured half. */
function addWait(figures: readonly Figures[], each: number, mode: Mode, from: number, to: number): void {
  for (let i = Math.floor(from / each); i * each < to; i++) {
    const step = figures[i];
    if (step === undefined) return;
    const ns = Math.min(to, step.to_ns) - Math.max(from, step.from_ns);
    if (ns > 0) step.waited_ns[mode] += ns;
  }
}
