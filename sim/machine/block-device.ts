import type { Law } from "../engine/law.ts";
import { KeyedDraws } from "../engine/random.ts";
import { type Sampler, samplerOf } from "../engine/sampler.ts";
import { Alarm, type Simulation } from "../engine/simulation.ts";
import type { Waitable } from "../engine/task.ts";
import type { Trace } from "../trace/trace.ts";
import { trace_io_complete, trace_io_submit } from "../trace/events/io.ts";

/** One IO. The key (`page`, `nth`) names its latency draw: the same in every variant. */
export interface IoRequest {
  readonly page: number;
  readonly nth: number;
  /** Pages moved. A window of read-ahead is one IO. */
  readonly pages: number;
  /** What is left of its service is done so many times faster: 1, and more once {@link PageSource.hasten} was asked. */
  speedup: number;
  /** Called when the data is there, or will never be (`failed`). */
  complete(failed: boolean): void;
}

/** Where pages are read from. */
export interface PageSource {
  readonly name: string;
  /** The request queue is full: a submitter must wait. */
  readonly isFull: boolean;
  /** The tasks that serve the IOs, null for hardware. */
  readonly servers: Waitable | null;
  /** Calls `action`, once, when there is a place in the request queue; those who ask are called in order. */
  whenNotFull(action: () => void): void;
  /** Time the IO needs alone, ns. */
  serviceTime(page: number, nth: number): number;
  /** Hands an IO over. `task` and `site` are those of the submitter, for the trace. */
  submit(request: IoRequest, task: number, site: string): void;
  /** From now on the service of the IO goes `factor` times faster; the first who asks decides. */
  hasten(request: IoRequest, factor: number): void;
}

/**
 * A device that serves up to `depth` IOs at once, each for a time drawn from its latency law; the others wait in order.
 * The law is that of the service alone: queueing comes on top.
 */
export class BlockDevice implements PageSource {
  readonly name: string;
  readonly servers = null;
  private readonly sim: Simulation;
  private readonly trace: Trace;
  private readonly sampler: Sampler;
  private readonly draws: KeyedDraws;
  private readonly depth: number;
  private readonly queueLimit: number;
  private inFlight = 0;
  private readonly submitters: (() => void)[] = [];
  private readonly waiting: IoRequest[] = [];
  private readonly idle: Slot[] = [];
  private readonly slots: Slot[] = [];

  /** @param depth IOs served at once, `null` for no limit; @param queueLimit IOs accepted at once, likewise. */
  constructor(
    sim: Simulation,
    trace: Trace,
    name: string,
    latency: Law,
    depth: number | null,
    seed: string,
    queueLimit: number | null = null,
  ) {
    this.sim = sim;
    this.trace = trace;
    this.name = name;
    this.sampler = samplerOf(latency);
    this.draws = new KeyedDraws(seed, name, "latency");
    this.depth = depth ?? Number.POSITIVE_INFINITY;
    this.queueLimit = queueLimit ?? Number.POSITIVE_INFINITY;
  }

  get isFull(): boolean {
    return this.inFlight >= this.queueLimit;
  }

  whenNotFull(action: () => void): void {
    this.submitters.push(action);
  }

  serviceTime(page: number, nth: number): number {
    return this.sampler.sample(this.draws.uniform(page, nth));
  }

  submit(request: IoRequest, task: number, site: string): void {
    this.inFlight++;
    trace_io_submit(this.trace, this.sim.now, task, site, this.name, request.page, request.pages);
    const slot = this.idle.pop() ?? (this.slots.length < this.depth ? this.newSlot() : undefined);
    if (slot === undefined) this.waiting.push(request);
    else this.serve(slot, request);
  }

  hasten(request: IoRequest, factor: number): void {
    if (request.speedup !== 1) return;
    request.speedup = factor;
    const slot = this.slots.find((one) => one.request === request);
    // One that still queues is served faster when its turn comes.
    if (slot === undefined) return;
    slot.due = this.sim.now + Math.round((slot.due - this.sim.now) / factor);
    slot.alarm.set(slot.due);
  }

  private newSlot(): Slot {
    const slot: Slot = { request: null, due: 0, alarm: new Alarm(this.sim, () => this.done(slot)) };
    this.slots.push(slot);
    return slot;
  }

  private serve(slot: Slot, request: IoRequest): void {
    slot.request = request;
    slot.due = this.sim.now + Math.round(this.serviceTime(request.page, request.nth) / request.speedup);
    slot.alarm.set(slot.due);
  }

  private done(slot: Slot): void {
    const request = slot.request as IoRequest;
    slot.request = null;
    this.inFlight--;
    const next = this.waiting.shift();
    trace_io_complete(this.trace, this.sim.now, -1, "", this.name, request.page, request.pages);
    if (next === undefined) this.idle.push(slot);
    else this.serve(slot, next);
    request.complete(false);
    if (!this.isFull) this.submitters.shift()?.();
  }
}

interface Slot {
  request: IoRequest | null;
  /** When its service ends, ns. */
  due: number;
  readonly alarm: Alarm;
}
