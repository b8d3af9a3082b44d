import { type Choices, scheduledFirst } from "./choices.ts";
import { EventQueue } from "./event-queue.ts";
import { ReadyRing } from "./ready-ring.ts";

/** Something that acts when its time has come: a task or an alarm. It has at most one pending event. */
export abstract class Actor {
  readonly sim: Simulation;
  /** Position in the order of creation. */
  readonly id: number;
  /** Sequence number of the pending event, 0 when none is. An event with another number is stale and ignored. */
  pending = 0;

  constructor(sim: Simulation) {
    this.sim = sim;
    this.id = sim.register(this);
  }

  /** Called by the simulation when the pending event is due. */
  abstract fire(): void;
}

/** Why {@link Simulation.run} returned: the end was reached, nothing was left to do, or too many events happened. */
export type Stop = "duration" | "work-done" | "event-limit";

/**
 * The clock and what happens next. Time is a whole number of nanoseconds since the start, exact to 104 days.
 *
 * Promise: events happen in the order of (time, sequence number), where the sequence number counts the calls of
 * {@link schedule} and {@link ready}. Two runs of the same program are the same run.
 */
export class Simulation {
  /** The present, ns. */
  now = 0;
  /** Moves so far: events fired, and sleeps that went through the inline clock. */
  moves = 0;
  /** Who acts at the moment, null before the first event. */
  acting: Actor | null = null;
  private readonly actors: Actor[] = [];
  private readonly queue = new EventQueue();
  private readonly ring = new ReadyRing();
  private readonly choices: Choices;
  private seq = 0;
  private readonly moveLimit: number;
  private readonly endId: number;
  private live = 0;

  /** @param end the run stops when the clock reaches it, ns; @param moveLimit the run stops after this many moves. */
  constructor(end: number, moveLimit: number = Number.POSITIVE_INFINITY, choices: Choices = scheduledFirst) {
    this.moveLimit = moveLimit;
    this.choices = choices;
    // The end is an event like any other, so that the inline clock of a lone task cannot run past it.
    this.endId = new End(this).id;
    this.queue.push(end, ++this.seq, this.endId);
  }

  /** Gives an actor its number. */
  register(actor: Actor): number {
    return this.actors.push(actor) - 1;
  }

  /** A task began; the run is over when all have finished. */
  taskBegan(): void {
    this.live++;
  }

  /** A task finished. */
  taskFinished(): void {
    this.live--;
  }

  /** Lets `actor` act at `time`. A pending event of it is dropped. */
  schedule(actor: Actor, time: number): void {
    const seq = ++this.seq;
    actor.pending = seq;
    if (time === this.now) this.ring.push(seq, actor.id);
    else this.queue.push(time, seq, actor.id);
  }

  /** Drops the pending event of `actor`, if it has one. */
  cancel(actor: Actor): void {
    actor.pending = 0;
  }

  /**
   * Moves the clock to `time` at once and says true, when nothing else can happen before: nobody is ready and nothing is
   * due at or before `time`. Exactly equal to going through the queue, and 10 times faster.
   */
  advancesTo(time: number): boolean {
    if (this.ring.length !== 0 || time >= this.queue.minTime || this.moves > this.moveLimit) return false;
    this.moves++;
    this.now = time;
    return true;
  }

  /** Runs until the end, the event limit, or until all tasks have finished. */
  run(): Stop {
    const pick = this.choices === scheduledFirst ? this.nextInOrder : this.nextByChoice;
    while (this.live > 0) {
      const id = pick.call(this);
      if (id === this.endId) return "duration";
      if (id < 0) continue;
      if (++this.moves > this.moveLimit) return "event-limit";
      const actor = this.actors[id] as Actor;
      this.acting = actor;
      actor.fire();
    }
    return "work-done";
  }

  /** The actor of the next event, -1 when that event was stale. Moves the clock. */
  private nextInOrder(): number {
    const { ring, queue } = this;
    let seq: number;
    let id: number;
    if (ring.length !== 0 && (queue.minTime > this.now || ring.firstSeq < queue.minSeq)) {
      seq = ring.firstSeq;
      id = ring.firstId;
      ring.shift();
    } else {
      seq = queue.minSeq;
      id = queue.minId;
      this.now = queue.minTime;
      queue.pop();
    }
    if (id === this.endId) return id;
    const actor = this.actors[id] as Actor;
    if (actor.pending !== seq) return -1;
    actor.pending = 0;
    return id;
  }

  /** As {@link nextInOrder}, but asks when several are due at once. Not a hot path. */
  private nextByChoice(): number {
    const first = this.nextInOrder();
    if (first < 0 || first === this.endId) return first;
    const due = [first];
    while (this.ring.length !== 0 || this.queue.minTime === this.now) {
      if (this.ring.length === 0 && this.queue.minId === this.endId) break;
      const id = this.nextInOrder();
      if (id === this.endId) break;
      if (id >= 0) due.push(id);
    }
    const chosen = due.length === 1 ? 0 : this.choices.pick(due);
    for (const [i, id] of due.entries()) if (i !== chosen) this.schedule(this.actors[id] as Actor, this.now);
    return due[chosen] as number;
  }
}

class End extends Actor {
  fire(): void {}
}

/** An actor that calls a function when it is due: IO completions, timers. */
export class Alarm extends Actor {
  private readonly action: () => void;

  constructor(sim: Simulation, action: () => void) {
    super(sim);
    this.action = action;
  }

  /** Rings at `time` (ns), instead of at the time set before. */
  set(time: number): void {
    this.sim.schedule(this, time);
  }

  fire(): void {
    this.action();
  }
}
