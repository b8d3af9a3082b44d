import { Alarm, type Simulation } from "../engine/simulation.ts";
import { LoadAverage, updateLoad } from "./load-average.ts";
import { RunQueue, type SliceCosts } from "./run-queue.ts";
import type { SchedEntity } from "./sched-entity.ts";
import { WakeeFlips } from "./wakee-flips.ts";

/** Ran less than this ago, ns: its cache is warm, and it is not moved. Source: v6.18 kernel/sched/fair.c (sysctl_sched_migration_cost, task_hot). */
const migrationCost = 500_000;

/** After more fruitless ticks than this a task with a warm cache is moved, too. Source: v6.18 kernel/sched/topology.c (sd_init, of CPUs that share a cache). */
const cacheNiceTries = 1;

/** The shortest time for which a host polls, ns. Source: v6.18 virt/kvm/kvm_main.c (halt_poll_ns_grow_start). */
const haltPollGrowStart = 10_000;

/** One CPU: who runs, who waits, and how it wakes up. */
export class Cpu {
  readonly index: number;
  readonly queue: RunQueue;
  readonly load = new LoadAverage();
  /** Those of its idle task, whom an interrupt finds running when nobody else is. */
  readonly idleFlips = new WakeeFlips();
  /** When it last had nothing to do, ns. */
  idleSince = 0;
  /** When it will begin after having been idle; -1 when it is not about to. */
  rousedAt = -1;
  /** Who runs should give way. */
  resched = false;
  /** Woken, and to be put into the queue when the CPU begins. */
  readonly arriving: SchedEntity[] = [];
  /** Ticks in a row at which an idle CPU took nothing from here. */
  private balanceFailed = 0;
  readonly starts: Alarm;
  readonly tick: Alarm;
  tickSet = false;
  private readonly sim: Simulation;
  private readonly mostPolled: number;
  /** For so long the host polls for it when it halts, ns. */
  private polled = 0;

  constructor(
    sim: Simulation,
    index: number,
    costs: SliceCosts & { readonly halt_poll: number },
    start: (cpu: Cpu) => void,
    onTick: (cpu: Cpu) => void,
  ) {
    this.sim = sim;
    this.mostPolled = costs.halt_poll;
    this.index = index;
    this.queue = new RunQueue(costs);
    this.starts = new Alarm(sim, () => start(this));
    this.tick = new Alarm(sim, () => onTick(this));
  }

  /** Nobody runs, and nobody is about to. */
  get isIdle(): boolean {
    return this.queue.curr === null && this.rousedAt < 0;
  }

  /**
   * It is virtual, idle, and off its real CPU: to the guest it looks as if it were preempted, for so its host has marked it.
   *
   * Source: v6.18 arch/x86/kernel/kvm.c (__kvm_vcpu_is_preempted) and kernel/sched/syscalls.c (available_idle_cpu) for the guest; v5.15
   * arch/x86/kvm/x86.c (kvm_arch_vcpu_put) for the host, which marks each virtual CPU that it takes off. A guess: which kernel the host of the
   * recordings had is not known. One of v6.8 or v6.18 marks only those that it preempts, and a halted CPU would be chosen.
   */
  get isHalted(): boolean {
    return this.mostPolled > 0 && this.sim.now - this.idleSince >= this.polled;
  }

  /** It begins at `time`, or earlier when it is on its way already. */
  rouse(time: number): void {
    if (this.rousedAt < 0 && this.mostPolled > 0) this.adaptPolling(this.sim.now - this.idleSince);
    if (this.rousedAt >= 0 && this.rousedAt <= time) return;
    this.rousedAt = time;
    this.starts.set(time);
  }

  /**
   * It was idle for so long: polling pays after short times, and does not after long ones.
   *
   * Source: v6.18 virt/kvm/kvm_main.c (kvm_vcpu_halt, grow_halt_poll_ns, shrink_halt_poll_ns).
   */
  private adaptPolling(idle: number): void {
    if (idle <= this.polled) return;
    if (idle > this.mostPolled) {
      this.polled = this.polled < haltPollGrowStart * 2 ? 0 : Math.floor(this.polled / 2);
    } else {
      this.polled = Math.min(this.mostPolled, Math.max(haltPollGrowStart, this.polled * 2));
    }
  }

  /** Puts an entity that wants to run into the queue. */
  enqueue(entity: SchedEntity): void {
    const { now } = this.sim;
    updateLoad(entity, now);
    this.queue.enqueue(entity, now);
    this.load.add(1, now);
  }

  /** Takes an entity out of the queue, to move it or because it has slept there for long enough. */
  dequeue(entity: SchedEntity, moves: boolean): void {
    const { now } = this.sim;
    updateLoad(entity, now);
    this.queue.take(entity, moves);
    this.load.add(-1, now);
  }

  /** The running entity goes to sleep, `forGood` when it is dead. */
  sleepCurr(now: number, forGood: boolean): void {
    const entity = this.queue.curr as SchedEntity;
    updateLoad(entity, now);
    if (!this.queue.sleepCurr(now, forGood)) this.load.add(-1, now);
  }

  /** What a nap that nobody noticed has changed: the task had its CPU for itself before and after. */
  napped(from: number, until: number): void {
    const entity = this.queue.curr as SchedEntity;
    this.sleepCurr(from, false);
    updateLoad(entity, until);
    entity.work = 0;
    this.queue.enqueue(entity, until);
    this.load.add(1, until);
    this.queue.setCurr(entity, this.sim.now);
  }

  /** Who should run; those who have only slept in the queue leave it when their turn comes. */
  pick(): SchedEntity | null {
    let chosen = this.queue.pick();
    while (chosen?.delayed === true) {
      this.dequeue(chosen, false);
      chosen = this.queue.pick();
    }
    return chosen;
  }

  /** A sleeping entity belongs here from now on, and what it did before counts here and no longer on `from`. */
  adopt(entity: SchedEntity, from: Cpu): void {
    if (from === this) return;
    const { now } = this.sim;
    const load = updateLoad(entity, now);
    from.load.attach(-load, now);
    this.load.attach(load, now);
    entity.cpu = this.index;
  }

  /**
   * At a tick with tasks waiting here, `idle` takes one from the busiest of `cpus`: first one whose cache is cold, and after some ticks
   * without any also one whose cache is warm. `null`: it took none.
   *
   * Source: v6.18 kernel/sched/fair.c (nohz_balancer_kick, can_migrate_task).
   * Left out: the interval between two attempts, which is no longer than a tick of 4 ms on two CPUs.
   */
  giveTo(idle: Cpu, cpus: readonly Cpu[]): SchedEntity | null {
    const entity = idle.pull(cpus, this.balanceFailed > cacheNiceTries);
    this.balanceFailed = entity === null ? this.balanceFailed + 1 : 0;
    return entity;
  }

  /**
   * Takes a task that waits on the busiest of `cpus`, one whose cache is cold unless `hot` will do. `null`: there is none.
   *
   * Source: v6.18 kernel/sched/fair.c (sched_balance_newidle, can_migrate_task).
   * Left out: the cost of looking, who does not look because it is never idle for long, and the dice of NI_RANDOM.
   */
  pull(cpus: readonly Cpu[], hot: boolean): SchedEntity | null {
    const { now } = this.sim;
    let busiest: Cpu | null = null;
    for (const other of cpus) {
      if (other.queue.curr === null || other.queue.waiting === 0) continue;
      if (busiest === null || other.queue.waiting > busiest.queue.waiting) busiest = other;
    }
    const entity = busiest?.queue.find((one) => hot || now - one.execStart >= migrationCost);
    if (busiest === null || entity === undefined) return null;
    busiest.dequeue(entity, true);
    this.adopt(entity, busiest);
    this.enqueue(entity);
    return entity;
  }
}
