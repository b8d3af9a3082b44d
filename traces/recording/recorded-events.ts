import type { TaskInfo } from "../../sim/trace/trace.ts";
import { blankEvent, type EventOf } from "../../sim/trace/event.ts";
import { LockEdges, type UnmatchedEdges } from "./lock-edges.ts";
import type { LockLineKind } from "../ftrace-line.ts";
import type { LockLine } from "./lock-line.ts";
import { Owners } from "./owners.ts";
import { roleOf } from "./roles.ts";

/** A task of a recording: its comm may change or be unknown for a while; the pid says who it is. */
export interface RecordedTask extends TaskInfo {
  readonly pid: number;
}

/** An event that a recording can have. */
export type RecordedEvent = { [K in LockLineKind]: EventOf<K> }[LockLineKind];

/**
 * Hears an event of a recording, which is filled anew for the next one. @param tasks all so far, each with the CPU that it was on last.
 */
export type EventSink = (e: RecordedEvent, tasks: readonly RecordedTask[]) => void;

/**
 * Makes the lines of a recording, in order of time, into events. Times count in ns from the second of the first line.
 *
 * Nothing is guessed: an edge without another half is an event like the others, and counted. That a shared acquisition is a downgrade is
 * known from the exclusive hold before it and the start that is not there. The text does not say that a failed attempt was given up: the
 * next one of that task and mm, however late, reads as the same wait. Contentions of other locks are left out.
 */
export class RecordedEvents {
  /** By first appearance. */
  readonly tasks: RecordedTask[] = [];
  /** The whole second of the tracer's clock in which the first event lies; null before it. */
  epoch_s: number | null = null;
  /** Events of contentions that are about other locks. */
  otherContentions = 0;
  /** Contentions of mmap_locks. */
  contentions = 0;
  private readonly numbers = new Map<number, number>();
  private readonly edges = new LockEdges();
  private readonly owners = new Owners();
  private readonly records = {
    mmap_lock_start_locking: blankEvent("mmap_lock_start_locking"),
    mmap_lock_acquire_returned: blankEvent("mmap_lock_acquire_returned"),
    mmap_lock_released: blankEvent("mmap_lock_released"),
    contention_begin: blankEvent("contention_begin"),
    contention_end: blankEvent("contention_end"),
  } as const;
  private readonly sink: EventSink;

  constructor(sink: EventSink) {
    this.sink = sink;
  }

  /** The next line. */
  line(line: LockLine): void {
    this.epoch_s ??= line.seconds;
    const e = this.records[line.kind];
    e.task = this.number(line);
    e.time = (line.seconds - this.epoch_s) * 1e9 + line.ns;
    e.mm = line.pointer;
    e.mode = line.mode ?? "R";
    e.site = line.site;
    if (e.kind === "mmap_lock_released" && !this.owners.releases(e.mm, e.task)) return;
    if (!this.joins(e, line)) {
      this.otherContentions++;
      return;
    }
    if (e.kind === "mmap_lock_acquire_returned" && e.success) this.endOthers(e);
    this.sink(e, this.tasks);
  }

  /** Holds that exclude this one had ended, though their releases are printed later or not at all. */
  private endOthers({ mm, task, mode, downgrade, time }: EventOf<"mmap_lock_acquire_returned">): void {
    for (const owner of this.owners.takes(mm, task, mode, downgrade)) {
      const release = { ...blankEvent("mmap_lock_released"), time, task: owner.task, mm, mode: owner.mode };
      this.edges.released(release);
      this.sink(release, this.tasks);
    }
  }

  /** Holds that the next owner ended: their releases are printed after it, or not at all. */
  get overlaps(): number {
    return this.owners.overlaps;
  }

  /** The edges that have no other half so far. */
  unmatched(): UnmatchedEdges {
    return this.edges.unmatched();
  }

  /** False when the event is about another lock. */
  private joins(e: RecordedEvent, { pointer, mode, success }: LockLine): boolean {
    const { edges } = this;
    switch (e.kind) {
      case "mmap_lock_start_locking":
        edges.started(e);
        return true;
      case "mmap_lock_acquire_returned":
        e.success = success;
        e.downgrade = edges.returned(e);
        return true;
      case "mmap_lock_released":
        edges.released(e);
        return true;
      case "contention_begin":
      case "contention_end": {
        const isBegin = e.kind === "contention_begin";
        const about = isBegin ? edges.contentionBegin(e.task, pointer, mode) : edges.contentionEnd(e.task, pointer);
        if (about === null) return false;
        if (isBegin) this.contentions++;
        e.mm = about.mm;
        e.mode = about.mode;
        return true;
      }
    }
  }

  private number({ pid, comm, cpu }: LockLine): number {
    const known = this.numbers.get(pid);
    if (known === undefined) {
      this.numbers.set(pid, this.tasks.length);
      return this.tasks.push({ comm, role: roleOf(comm), pid, cpu }) - 1;
    }
    const task = this.tasks[known] as RecordedTask & { cpu: number };
    if (task.comm === "<...>" && comm !== "<...>") this.tasks[known] = { comm, role: roleOf(comm), pid, cpu };
    else task.cpu = cpu;
    return known;
  }
}
