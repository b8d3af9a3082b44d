import type { Task } from "../engine/task.ts";
import { WakeeFlips } from "./wakee-flips.ts";

/**
 * What the scheduler knows of a task. Times are ns; all tasks have the weight of nice 0, so virtual time is CPU time.
 *
 * Source: v6.18 include/linux/sched.h (struct sched_entity).
 */
export interface SchedEntity {
  readonly task: Task;
  /** The CPU that it is on, or was last. */
  cpu: number;
  /** Where it was before that: a candidate when it is idle. */
  recentCpu: number;
  vruntime: number;
  /** Virtual time by which it should have had its slice. */
  deadline: number;
  /** Service it is owed (positive) or has had too much of, kept while it sleeps or moves. */
  vlag: number;
  /** Until this virtual time a running entity that is eligible is not preempted. */
  vprot: number;
  /** It is running, or stands in a run queue. */
  onRq: boolean;
  /** It sleeps, and stands in its run queue until it has paid for what it had too much of. */
  delayed: boolean;
  /** It has never run: its first slice is half of one. */
  isNew: boolean;
  /** The deadline is relative to the virtual time of the queue that it comes to. */
  relDeadline: boolean;
  /** When it last ran, or began to. */
  execStart: number;
  /** What is left of the work it was sent off from. */
  work: number;
  /** Since when it waits for its CPU; -1 when it came to an idle one. */
  since: number;
  /** Share of the time that it was runnable, with a half-life of 32 ms, as of `loadTime`. */
  load: number;
  loadTime: number;
  /** Whom it wakes, and how often that changes. */
  readonly flips: WakeeFlips;
}

/** An entity for a task that has never run; a new task counts as one that always runs. */
export function newEntity(task: Task, cpu: number, now: number): SchedEntity {
  return {
    task,
    cpu,
    recentCpu: cpu,
    vruntime: 0,
    deadline: 0,
    vlag: 0,
    vprot: 0,
    onRq: false,
    delayed: false,
    isNew: true,
    relDeadline: false,
    execStart: 0,
    work: 0,
    since: -1,
    load: 1,
    loadTime: now,
    flips: new WakeeFlips(),
  };
}
