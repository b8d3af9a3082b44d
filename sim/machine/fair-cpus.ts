import type { Simulation } from "../engine/simulation.ts";
import { type Processor, Task } from "../engine/task.ts";
import { Cpu } from "./cpu.ts";
import type { Cpus } from "./cpus.ts";
import type { LoadAverage } from "./load-average.ts";
import { type PlacementView, selectTaskRq } from "./placement.ts";
import { newEntity, type SchedEntity } from "./sched-entity.ts";
import { type SchedulingCosts, WakeUpLaws } from "./wake-up-laws.ts";

/** {@link Task.cpu} of a task that waits for one. */
const inRunQueue = -2;

/**
 * A few CPUs that share a cache, each with its run queue. A task that is woken is placed by {@link selectTaskRq}; if it is the
 * one that should run, it takes the CPU from who runs there. A task that has had its slice gives way at a tick to those who wait.
 * A CPU that has nothing to do takes a waiting task from another.
 *
 * Source: v6.18 kernel/sched/core.c, kernel/sched/fair.c; a kernel before v6.6 (CFS) chooses by virtual run time alone.
 * Left out: what {@link RunQueue} and {@link selectTaskRq} leave out, affinity, NUMA, real-time tasks, interrupts' own time.
 */
export class FairCpus implements Cpus, Processor, PlacementView {
  readonly processor = this;
  readonly count: number;
  private readonly sim: Simulation;
  private readonly costs: SchedulingCosts;
  private readonly laws: WakeUpLaws;
  private readonly cpus: Cpu[];
  /** By the number of the task. */
  private readonly entities: SchedEntity[] = [];
  private known = 0;
  /** The CPU whose interrupt is being handled: it is awake. */
  private interrupted: Cpu | null = null;

  constructor(sim: Simulation, count: number, costs: SchedulingCosts, seed: string) {
    this.sim = sim;
    this.count = count;
    this.costs = costs;
    this.laws = new WakeUpLaws(costs, seed);
    const start = (cpu: Cpu): void => this.start(cpu);
    const onTick = (cpu: Cpu): void => this.onTick(cpu);
    this.cpus = Array.from({ length: count }, (_, index) => new Cpu(sim, index, costs, start, onTick));
  }

  wake(task: Task, delay: number): void {
    if (task.cpu >= 0) {
      if (task.onCpu) task.wake(0);
      return;
    }
    if (task.pending !== 0 || task.cpu === inRunQueue) return;
    const { acting } = this.sim;
    const waker = acting instanceof Task ? acting.cpu : -1;
    const entity = this.entityOf(task);
    if (waker < 0) this.wakeByTimer(entity);
    else this.wakeOn(entity, this.cpus[waker] as Cpu, -1, delay);
  }

  wakeReader(task: Task, delay: number): void {
    this.wake(task, delay);
  }

  wakeByInterrupt(task: Task): void {
    if (task.cpu >= 0 || task.pending !== 0 || task.cpu === inRunQueue) return;
    this.wakeByTimer(this.entityOf(task));
  }

  arrives(task: Task): void {
    this.wakeByTimer(this.entityOf(task));
  }

  works(task: Task, ns: number): boolean {
    const { sim } = this;
    const cpu = this.cpus[task.cpu] as Cpu;
    if (cpu.resched && this.gaveWay(cpu, ns)) return true;
    const until = sim.now + ns;
    if (sim.advancesTo(until)) return false;
    task.workDue = until;
    sim.schedule(task, until);
    return true;
  }

  naps(task: Task, ns: number): boolean {
    const { sim } = this;
    const cpu = this.cpus[task.cpu] as Cpu;
    const { wake_up_irq } = this.costs;
    const asleep = sim.now;
    if (cpu.queue.waiting === 0 && task.watchers.length === 0 && sim.advancesTo(asleep + ns + wake_up_irq)) {
      cpu.napped(asleep, asleep + ns);
      return false;
    }
    task.arrives = true;
    task.offCpu();
    this.left(task);
    sim.schedule(task, asleep + ns);
    return true;
  }

  left(task: Task): void {
    if (task.cpu < 0) return;
    const cpu = this.cpus[task.cpu] as Cpu;
    task.cpu = -1;
    cpu.sleepCurr(this.sim.now, task.finished);
    this.next(cpu, this.costs.context_switch);
  }

  isAvailable(index: number): boolean {
    const cpu = this.cpus[index] as Cpu;
    if (!cpu.isIdle) return false;
    return cpu === this.interrupted || !cpu.isHalted;
  }

  loadOf(index: number): LoadAverage {
    return (this.cpus[index] as Cpu).load;
  }

  /** A task that has never run is new on the next CPU in turn. */
  private entityOf(task: Task): SchedEntity {
    const known = this.entities[task.id];
    if (known !== undefined) return known;
    const made = newEntity(task, this.known++ % this.count, this.sim.now);
    this.entities[task.id] = made;
    return made;
  }

  /** The timer or the device interrupts the CPU on which the task went to sleep. */
  private wakeByTimer(entity: SchedEntity): void {
    const cpu = this.cpus[entity.cpu] as Cpu;
    this.interrupted = cpu;
    this.wakeOn(entity, cpu, this.costs.wake_up_irq, 0);
    this.interrupted = null;
  }

  /**
   * Wakes an entity from the CPU `here`. `irq` is what an interrupt takes to get that CPU going, -1 when a task is the waker.
   *
   * Source: v6.18 kernel/sched/core.c (try_to_wake_up, ttwu_runnable, ttwu_queue_cond), kernel/sched/fair.c (check_preempt_wakeup_fair).
   * Left out: a running task whose slice is over is noticed at the tick, not at somebody's wake-up.
   */
  private wakeOn(entity: SchedEntity, here: Cpu, irq: number, delay: number): void {
    const { now } = this.sim;
    const { task } = entity;
    task.waitsFor = null;
    task.cpu = inRunQueue;
    entity.work = 0;
    entity.since = now;
    let cpu = this.cpus[entity.cpu] as Cpu;
    if (entity.delayed) {
      cpu.queue.requeueDelayed(entity, now);
    } else {
      const previous = cpu;
      const waker = here.queue.curr?.flips ?? here.idleFlips;
      waker.record(entity, now, this.costs.host_tick);
      cpu = this.cpus[selectTaskRq(this, entity, here.index, waker)] as Cpu;
      cpu.adopt(entity, previous);
      if (cpu.queue.curr === null) {
        // Who comes first to an idle CPU does not wait for anybody.
        if (cpu.rousedAt < 0) entity.since = -1;
        cpu.arriving.push(entity);
        cpu.rouse(now + (irq >= 0 && cpu === here ? irq : delay + this.laws.rousing(cpu).next(task)));
        return;
      }
      cpu.enqueue(entity);
    }
    this.setTick(cpu);
    cpu.queue.updateCurr(now);
    if (cpu.queue.pick() === entity) this.preempt(cpu);
  }

  /** An idle CPU begins: only now it puts those into its queue who were sent to it. Source: v6.18 kernel/sched/core.c (sched_ttwu_pending). */
  private start(cpu: Cpu): void {
    cpu.rousedAt = -1;
    for (const entity of cpu.arriving.splice(0)) cpu.enqueue(entity);
    this.next(cpu, 0);
  }

  /** The CPU has nobody: the best of its queue runs after `latency`, or one of another's. */
  private next(cpu: Cpu, latency: number): void {
    cpu.resched = false;
    let chosen = cpu.pick();
    if (chosen === null) {
      cpu.idleSince = this.sim.now;
      chosen = cpu.pull(this.cpus, false);
    }
    if (chosen !== null) this.run(cpu, chosen, latency);
  }

  private run(cpu: Cpu, entity: SchedEntity, latency: number): void {
    const { now } = this.sim;
    const { task, work, since } = entity;
    const from = now + latency;
    cpu.queue.setCurr(entity, from);
    task.cpu = cpu.index;
    task.needResched = false;
    task.workDue = work > 0 ? from + work : -1;
    if (work > 0) task.onCpu = true;
    this.sim.schedule(task, from + work);
    if (since >= 0) task.scheduled("in", now - since);
    this.setTick(cpu);
  }

  /** Somebody else should run on the CPU: who runs gives way at once, or when it next gives an account of its work. */
  private preempt(cpu: Cpu): void {
    const { now, acting } = this.sim;
    const { task } = cpu.queue.curr as SchedEntity;
    cpu.resched = true;
    task.needResched = true;
    if (task.isSpinning) task.wake(0);
    else if (task !== acting && task.workDue > now) this.gaveWay(cpu, task.workDue - now);
  }

  /** The running task, which has `work` left to do, goes back into the queue. False: it is still the one that should run. */
  private gaveWay(cpu: Cpu, work: number): boolean {
    const { now } = this.sim;
    cpu.resched = false;
    const entity = cpu.queue.curr as SchedEntity;
    const { task } = entity;
    task.needResched = false;
    cpu.queue.updateCurr(now);
    const chosen = cpu.pick();
    if (chosen === null || chosen === entity) return false;
    this.sim.cancel(task);
    task.offCpu();
    task.scheduled("out", 0);
    cpu.queue.putCurr(now);
    task.cpu = inRunQueue;
    entity.work = work;
    entity.since = now;
    this.run(cpu, chosen, chosen.since === now ? this.laws.preempting.next(chosen.task) : this.costs.context_switch);
    return true;
  }

  private setTick(cpu: Cpu): void {
    if (cpu.tickSet || cpu.queue.waiting === 0) return;
    cpu.tickSet = true;
    const { host_tick } = this.costs;
    cpu.tick.set((Math.floor(this.sim.now / host_tick) + 1) * host_tick);
  }

  private onTick(cpu: Cpu): void {
    cpu.tickSet = false;
    if (cpu.queue.curr === null) return;
    if (cpu.queue.updateCurr(this.sim.now)) this.preempt(cpu);
    if (cpu.queue.waiting > 0) this.kickIdle(cpu);
    this.setTick(cpu);
  }

  /** A CPU with waiting tasks lets an idle one look for work. */
  private kickIdle(cpu: Cpu): void {
    const idle = this.cpus.find((one) => one.isIdle);
    if (idle === undefined) return;
    const entity = cpu.giveTo(idle, this.cpus);
    if (entity !== null) idle.rouse(this.sim.now + this.laws.rousing(idle).next(entity.task));
  }
}
