import { Alarm, type Simulation } from "../engine/simulation.ts";
import type { Processor, Task } from "../engine/task.ts";
import { type Cpus, type WakeUpCosts, type WakeUpLaw, wakeUpLaws } from "./cpus.ts";

/** What sharing CPUs takes, ns. */
export interface SchedulingCosts extends WakeUpCosts {
  /** From one task to the next on the same CPU. */
  readonly context_switch: number;
  /** How long a task may run while others wait for a CPU. */
  readonly sched_slice: number;
}

/** {@link Task.cpu} of a task that waits for one. */
const inRunQueue = -2;

/**
 * A few CPUs, all alike, and one run queue in the order of arrival. A task that is woken gets an idle CPU when the wake-up
 * latency has passed; if there is none then, it queues and pays for the switch. A task that has had its slice gives way to those
 * who queue, also when it holds a lock or spins.
 *
 * Left out: weights and virtual run time, affinity and caches, a queue for each CPU, interrupts' own time.
 */
export class SharedCpus implements Cpus, Processor {
  readonly processor = this;
  private readonly sim: Simulation;
  private readonly costs: SchedulingCosts;
  private readonly laws: ReturnType<typeof wakeUpLaws>;
  /** Who has each CPU, null when it is idle. */
  private readonly running: (Task | null)[];
  private readonly sliceBegan: number[];
  private readonly idle: number[];
  private readonly queue: Waiting[] = [];
  private readonly tick: Alarm;
  private tickSet = false;

  constructor(sim: Simulation, count: number, costs: SchedulingCosts, seed: string) {
    this.sim = sim;
    this.costs = costs;
    this.laws = wakeUpLaws(costs, seed);
    this.running = Array.from({ length: count }, () => null);
    this.sliceBegan = Array.from({ length: count }, () => 0);
    this.idle = Array.from({ length: count }, (_, cpu) => count - 1 - cpu);
    this.tick = new Alarm(sim, () => this.onTick());
  }

  wake(task: Task, delay: number): void {
    this.wakeBy(this.laws.any, task, delay);
  }

  wakeReader(task: Task, delay: number): void {
    this.wakeBy(this.laws.reader, task, delay);
  }

  private wakeBy(law: WakeUpLaw, task: Task, delay: number): void {
    if (task.cpu >= 0) {
      if (task.onCpu) task.wake(0);
      return;
    }
    if (this.isOnItsWay(task)) return;
    task.waitsFor = null;
    task.arrival = "woken";
    this.sim.schedule(task, this.sim.now + delay + law.next(task));
  }

  wakeByInterrupt(task: Task): void {
    if (task.cpu >= 0 || this.isOnItsWay(task)) return;
    this.enter(task, this.costs.wake_up_irq);
  }

  arrives(task: Task, arrival: "timer" | "woken"): void {
    this.enter(task, arrival === "timer" ? this.costs.wake_up_irq : 0);
  }

  works(task: Task, ns: number): boolean {
    const { sim } = this;
    const until = sim.now + ns;
    if (this.queue.length === 0) {
      if (sim.advancesTo(until)) return false;
    } else if (this.hadItsSlice(task.cpu)) {
      this.sendOff(task, ns);
      return true;
    }
    task.workDue = until;
    sim.schedule(task, until);
    return true;
  }

  naps(task: Task, ns: number): boolean {
    const { sim } = this;
    const unwatched = this.queue.length === 0 && task.watchers.length === 0;
    if (unwatched && sim.advancesTo(sim.now + ns + this.costs.wake_up_irq)) {
      this.sliceBegan[task.cpu] = sim.now;
      return false;
    }
    task.arrival = "timer";
    task.offCpu();
    this.left(task);
    sim.schedule(task, sim.now + ns);
    return true;
  }

  left(task: Task): void {
    const { cpu } = task;
    if (cpu < 0) return;
    task.cpu = -1;
    this.next(cpu);
  }

  /** Woken and still waiting for a CPU, or for its nap to end. */
  private isOnItsWay(task: Task): boolean {
    return task.pending !== 0 || task.cpu === inRunQueue;
  }

  private enter(task: Task, latency: number): void {
    task.waitsFor = null;
    const cpu = this.idle.pop();
    if (cpu === undefined) this.enqueue(task, 0);
    else this.give(cpu, task, latency);
  }

  private give(cpu: number, task: Task, ns: number): void {
    const from = this.sim.now + ns;
    this.running[cpu] = task;
    this.sliceBegan[cpu] = from;
    task.cpu = cpu;
    task.workDue = -1;
    task.needResched = false;
    this.sim.schedule(task, from);
  }

  private enqueue(task: Task, work: number): void {
    task.cpu = inRunQueue;
    this.queue.push({ task, work, since: this.sim.now });
    this.setTick();
  }

  /** The CPU is free: the first of the queue gets it. */
  private next(cpu: number): void {
    const waiting = this.queue.shift();
    if (waiting === undefined) {
      this.running[cpu] = null;
      this.idle.push(cpu);
      return;
    }
    const { task, work, since } = waiting;
    const { context_switch } = this.costs;
    this.give(cpu, task, context_switch + work);
    this.sliceBegan[cpu] = this.sim.now;
    if (work > 0) {
      task.workDue = this.sim.now + context_switch + work;
      task.onCpu = true;
    }
    task.scheduled("in", this.sim.now - since);
    if (this.queue.length > 0) this.setTick();
  }

  private hadItsSlice(cpu: number): boolean {
    return this.sim.now - (this.sliceBegan[cpu] as number) >= this.costs.sched_slice;
  }

  /** Takes the CPU from a task that has `work` ns left to do. */
  private sendOff(task: Task, work: number): void {
    const { cpu } = task;
    this.sim.cancel(task);
    task.offCpu();
    task.scheduled("out", 0);
    this.enqueue(task, work);
    this.next(cpu);
  }

  private setTick(): void {
    if (this.tickSet || this.running.includes(null)) return;
    this.tickSet = true;
    this.tick.set(Math.max(this.sim.now, Math.min(...this.sliceBegan) + this.costs.sched_slice));
  }

  private onTick(): void {
    this.tickSet = false;
    const { now } = this.sim;
    for (const [cpu, task] of this.running.entries()) {
      if (this.queue.length === 0 || task === null || !this.hadItsSlice(cpu)) continue;
      if (task.isSpinning) {
        task.needResched = true;
        task.wake(0);
      } else if (task.workDue > now) {
        this.sendOff(task, task.workDue - now);
      }
    }
    if (this.queue.length > 0) this.setTickLater();
  }

  /** The next look: some slice ends, or a task that cannot be sent off now may be after a slice more. */
  private setTickLater(): void {
    const { sched_slice } = this.costs;
    const ends = this.sliceBegan.map((began) => began + sched_slice).filter((end) => end > this.sim.now);
    this.tickSet = true;
    this.tick.set(Math.min(this.sim.now + sched_slice, ...ends));
  }
}

interface Waiting {
  readonly task: Task;
  /** What is left of the work it was sent off from, ns. */
  readonly work: number;
  readonly since: number;
}
