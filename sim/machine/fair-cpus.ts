import type { Simulation } from "../engine/simulation.ts";
import { type Processor, Task } from "../engine/task.ts";
import { Cpu } from "./cpu.ts";
import { type Cpus, type WakeUpCosts, WakeUpLaw } from "./cpus.ts";
import { type LoadAverage, updateLoad } from "./load-average.ts";
import { type PlacementView, selectTaskRq } from "./placement.ts";
import type { SliceCosts } from "./run-queue.ts";
import { newEntity, type SchedEntity } from "./sched-entity.ts";

/** What sharing CPUs takes, ns. */
export interface SchedulingCosts extends WakeUpCosts, SliceCosts {
  /** From one task to the next on the same CPU. */
  readonly context_switch: number;
  /** From the wake-up to the first instruction of a task that takes the CPU from its waker, or from another: median and 99th percentile. */
  readonly wake_up_preempt: number;
  readonly wake_up_preempt_p99: number;
  /** As `wake_up`, of a virtual CPU that has halted and for which its host still polls. */
  readonly wake_up_polled: number;
  readonly wake_up_polled_p99: number;
  /** The longest time for which a host polls for a virtual CPU that has halted, before it takes it off; 0 for a machine that is not virtual. */
  readonly halt_poll: number;
}

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
  private readonly idleLaw: WakeUpLaw;
  private readonly polledLaw: WakeUpLaw;
  private readonly preemptLaw: WakeUpLaw;
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
    this.idleLaw = new WakeUpLaw(costs.wake_up, costs.wake_up_p99, seed, "wake-up");
    this.polledLaw = new WakeUpLaw(costs.wake_up_polled, costs.wake_up_polled_p99, seed, "wake-up-polled");
    this.preemptLaw = new WakeUpLaw(costs.wake_up_preempt, costs.wake_up_preempt_p99, seed, "wake-up-preempt");
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
      slept(cpu, asleep, asleep + ns, sim.now);
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

  /** Wakes an entity from the CPU `here`. `irq` is what an interrupt takes to get that CPU going, -1 when a task is the waker. */
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
      cpu = this.cpus[selectTaskRq(this, entity, here.index)] as Cpu;
      cpu.adopt(entity, previous);
      if (cpu.queue.curr === null) {
        // Who comes first to an idle CPU does not wait for anybody.
        if (cpu.rousedAt < 0) entity.since = -1;
        cpu.arriving.push(entity);
        cpu.rouse(now + (irq >= 0 && cpu === here ? irq : delay + this.rousing(cpu).next(task)));
        return;
      }
      cpu.enqueue(entity);
    }
    this.setTick(cpu);
    cpu.queue.updateCurr(now);
    if (cpu.queue.pick() === entity) this.preempt(cpu);
  }

  private rousing(cpu: Cpu): WakeUpLaw {
    return this.costs.halt_poll === 0 || cpu.isHalted ? this.idleLaw : this.polledLaw;
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
    this.run(cpu, chosen, chosen.since === now ? this.preemptLaw.next(chosen.task) : this.costs.context_switch);
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

  /**
   * A CPU with waiting tasks lets an idle one look for work. What it finds too hot to move it takes the second time.
   *
   * Source: v6.18 kernel/sched/fair.c (nohz_balancer_kick, need_active_balance).
   */
  private kickIdle(cpu: Cpu): void {
    const idle = this.cpus.find((one) => one.isIdle);
    if (idle === undefined) return;
    const entity = idle.pull(this.cpus, cpu.balanceFailed > 0);
    cpu.balanceFailed = entity === null ? cpu.balanceFailed + 1 : 0;
    if (entity !== null) idle.rouse(this.sim.now + this.rousing(idle).next(entity.task));
  }
}

/** What a nap that nobody noticed has changed: the task had its CPU for itself before and after. */
function slept(cpu: Cpu, from: number, until: number, now: number): void {
  const { queue, load } = cpu;
  const entity = queue.curr as SchedEntity;
  cpu.sleepCurr(from, false);
  updateLoad(entity, until);
  entity.work = 0;
  queue.enqueue(entity, until);
  load.add(1, until);
  queue.setCurr(entity, now);
}
