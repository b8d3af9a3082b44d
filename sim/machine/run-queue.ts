import type { SchedEntity } from "./sched-entity.ts";

/** What a run queue must know of the machine, ns. */
export interface SliceCosts {
  /** How long an entity may run while others wait. */
  readonly sched_slice: number;
  /** Time between two ticks. */
  readonly host_tick: number;
}

/**
 * The entities of one CPU that want to run, and who of them is next: of those that are owed service (eligible) the one with the
 * earliest virtual deadline.
 *
 * Source: v6.18.35 kernel/sched/fair.c (pick_eevdf, place_entity, update_entity_lag, update_curr, dequeue_entity, requeue_delayed_entity)
 * with what is on by default in kernel/sched/features.h: RUN_TO_PARITY, PLACE_LAG, PLACE_DEADLINE_INITIAL, PLACE_REL_DEADLINE,
 * DELAY_DEQUEUE and DELAY_ZERO. v6.8 has no DELAY_DEQUEUE and no PLACE_REL_DEADLINE, v6.12 has both.
 * Left out: weights and groups (all are nice 0), buddies, slices of a task's own (PREEMPT_SHORT), bandwidth limits, other classes.
 */
export class RunQueue {
  /** Who runs; not in `queued`, but counted in the averages. */
  curr: SchedEntity | null = null;
  private readonly costs: SliceCosts;
  /** By deadline, earliest first. */
  private readonly queued: SchedEntity[] = [];
  private sum = 0;
  /** The average virtual time when there was somebody last. */
  private last = 0;

  constructor(costs: SliceCosts) {
    this.costs = costs;
  }

  /** Entities in the queue beside the running one; those that sleep and have not paid yet included. */
  get waiting(): number {
    return this.queued.length;
  }

  /** The one to move to another CPU: the first that `fits`. */
  find(fits: (entity: SchedEntity) => boolean): SchedEntity | undefined {
    return this.queued.find((entity) => !entity.delayed && fits(entity));
  }

  /** Accounts the time that the running entity has had. True: its slice is over while others wait. */
  updateCurr(now: number): boolean {
    const { curr } = this;
    if (curr === null) return false;
    curr.vruntime += Math.max(0, now - curr.execStart);
    curr.execStart = Math.max(now, curr.execStart);
    let over = curr.vruntime >= curr.vprot;
    if (curr.vruntime >= curr.deadline) {
      curr.deadline = curr.vruntime + this.costs.sched_slice;
      over = true;
    }
    return over && this.queued.length > 0;
  }

  /** Puts an entity that was asleep, is new or comes from another CPU into the queue. */
  enqueue(entity: SchedEntity, now: number): void {
    this.updateCurr(now);
    this.place(entity);
    entity.onRq = true;
    this.insert(entity);
  }

  /** An entity that slept in the queue is woken: what it still owes it keeps. */
  requeueDelayed(entity: SchedEntity, now: number): void {
    this.updateCurr(now);
    this.updateLag(entity);
    entity.delayed = false;
    if (entity.vlag !== 0) return;
    this.remove(entity);
    this.place(entity);
    this.insert(entity);
  }

  /** The running entity goes to sleep. True: it stays in the queue for as long as it has had too much. */
  sleepCurr(now: number, forGood: boolean): boolean {
    this.updateCurr(now);
    const entity = this.curr as SchedEntity;
    const stays = !forGood && !this.eligible(entity);
    this.updateLag(entity);
    if (!stays) this.last = this.average();
    this.curr = null;
    entity.onRq = stays;
    if (stays) {
      entity.delayed = true;
      this.insert(entity);
    }
    return stays;
  }

  /** Takes an entity out of the queue: it sleeps for good now, or moves to another CPU. */
  take(entity: SchedEntity, moves: boolean): void {
    this.updateLag(entity);
    this.remove(entity);
    entity.onRq = false;
    entity.delayed = false;
    if (!moves) return;
    entity.deadline -= entity.vruntime;
    entity.relDeadline = true;
  }

  /** Who should run, the running one included. `null` when there is nobody. */
  pick(): SchedEntity | null {
    const { queued, curr } = this;
    if (queued.length === 0) return curr;
    if (queued.length === 1 && curr === null) return queued[0] as SchedEntity;
    const running = curr !== null && this.eligible(curr) ? curr : null;
    if (running !== null && running.vruntime < running.vprot) return running;
    const best = queued.find((entity) => this.eligible(entity)) ?? null;
    if (best === null) return running ?? curr;
    return running !== null && running.deadline < best.deadline ? running : best;
  }

  /** `entity`, which is in the queue, runs from `now` on. */
  setCurr(entity: SchedEntity, now: number): void {
    this.remove(entity);
    this.curr = entity;
    entity.execStart = now;
    entity.vprot = entity.deadline;
  }

  /** The running entity goes back into the queue. */
  putCurr(now: number): void {
    this.updateCurr(now);
    const entity = this.curr as SchedEntity;
    this.curr = null;
    this.insert(entity);
  }

  private eligible(entity: SchedEntity): boolean {
    const { curr, queued, sum } = this;
    if (curr === null) return sum >= entity.vruntime * queued.length;
    return sum + curr.vruntime >= entity.vruntime * (queued.length + 1);
  }

  /** The average virtual time of all that want to run: what each should have had. */
  private average(): number {
    const { curr, queued, sum } = this;
    const n = queued.length + (curr === null ? 0 : 1);
    return n === 0 ? this.last : Math.floor((sum + (curr === null ? 0 : curr.vruntime)) / n);
  }

  private updateLag(entity: SchedEntity): void {
    const limit = this.costs.sched_slice + this.costs.host_tick;
    const lag = Math.min(limit, Math.max(-limit, this.average() - entity.vruntime));
    // Who slept on in the queue does not get ahead by it.
    entity.vlag = entity.delayed ? Math.min(0, lag) : lag;
  }

  private place(entity: SchedEntity): void {
    const others = this.queued.length + (this.curr === null ? 0 : 1);
    const lag = others === 0 ? 0 : Math.trunc((entity.vlag * (others + 1)) / others);
    entity.vruntime = this.average() - lag;
    if (entity.relDeadline) {
      entity.relDeadline = false;
      entity.deadline += entity.vruntime;
      return;
    }
    const { sched_slice } = this.costs;
    entity.deadline = entity.vruntime + (entity.isNew ? Math.floor(sched_slice / 2) : sched_slice);
    entity.isNew = false;
  }

  private insert(entity: SchedEntity): void {
    const { queued } = this;
    let at = queued.length;
    while (at > 0 && (queued[at - 1] as SchedEntity).deadline > entity.deadline) at--;
    queued.splice(at, 0, entity);
    this.sum += entity.vruntime;
  }

  private remove(entity: SchedEntity): void {
    this.last = this.average();
    const { queued } = this;
    queued.splice(queued.indexOf(entity), 1);
    this.sum -= entity.vruntime;
  }
}
