import { KeyedDraws, Stream } from "../../engine/random.ts";
import { meanOf, type Sampler, samplerOf } from "../../engine/sampler.ts";
import type { Steps } from "../../engine/task.ts";
import type { task_struct } from "../../linux/include/linux/sched.ts";
import type { Schedule } from "../../scenario.ts";
import { LoadClock } from "./load-clock.ts";
import { trace_op_begin, trace_op_end, trace_op_missed } from "../../trace/events/work.ts";

/** When a task starts its operations. */
export class Pacer {
  /** Slots of the schedule that passed while the last operation was running. */
  missed = 0;
  /** By how much a sleep until the start is longer than that, ns. Source: v6.18 kernel/time/hrtimer.c (hrtimer_nanosleep). */
  readonly slack: number;
  private readonly startAt: number | null;
  private started = false;
  private readonly kind: Schedule["kind"];
  private readonly sampler: Sampler;
  private readonly draws: Stream;
  private readonly clock: LoadClock;
  /** The last intended start, on the clock of the load. */
  private last: number;

  constructor(seed: string, task: string, schedule: Schedule) {
    this.kind = schedule.kind;
    this.slack = schedule.slack_ns ?? 0;
    this.startAt = schedule.start_ns ?? null;
    this.sampler = samplerOf(schedule.law);
    this.draws = new Stream(seed, task, "schedule");
    this.clock = new LoadClock(schedule.load);
    // Tasks of one group do not march in step: each has its own phase.
    const mean = meanOf(schedule.law);
    const period = Number.isFinite(mean) ? mean : this.sampler.sample(0.5);
    this.last = -Math.round(period * new Stream(seed, task, "phase").uniform());
  }

  /** The intended start (ns) of the next operation, when the last one ended at `now`. Never before `now` + 1. */
  next(now: number): number {
    const period = Math.max(1, this.sampler.sample(this.draws.uniform()));
    const { clock } = this;
    if (this.startAt !== null && !this.started) {
      this.started = true;
      this.last = clock.at(Math.max(now + 1, this.startAt));
      return Math.max(now + 1, this.startAt);
    }
    const here = clock.at(now);
    if (this.kind !== "every") return Math.max(now + 1, clock.timeOf(here + period));
    const slot = this.last + period;
    this.missed = slot < here ? Math.floor((here - slot) / period) : 0;
    this.last = Math.max(slot, clock.at(now + 1));
    return Math.max(now + 1, clock.timeOf(this.last));
  }
}

/**
 * Performs `operation` again and again by the schedule, and tells the trace when each begins and ends. The operation gets
 * its number and says whether it succeeded.
 */
export function* repeat(
  current: task_struct,
  schedule: Schedule,
  op: string,
  operation: (k: number) => Steps<boolean>,
): Steps {
  const { sim } = current.kernel;
  const { seed } = current;
  const pacer = new Pacer(seed, current.name, schedule);
  const operations = new KeyedDraws(seed, current.name, "operation");
  const ends = schedule.once === true ? 1 : Number.POSITIVE_INFINITY;
  for (let k = 0; k < ends; k++) {
    const start = pacer.next(sim.now);
    if (pacer.missed > 0) trace_op_missed(current, op, pacer.missed);
    const waitsForStart = k === 0 && schedule.start_ns !== undefined;
    if (schedule.kind === "compute" && !waitsForStart) {
      current.charge(start - sim.now);
      if (current.settles()) yield;
    } else if (current.sleeps(start - sim.now + pacer.slack)) yield;
    current.begins(operations.key(k, 0));
    current.kernel.heedLeak(current);
    trace_op_begin(current, op, k, start);
    const done = yield* operation(k);
    if (current.settles()) yield;
    current.site = "";
    trace_op_end(current, op, k, done);
  }
}
