import { Alarm, type Simulation } from "../engine/simulation.ts";
import { LoadAverage, updateLoad } from "./load-average.ts";
import { RunQueue, type SliceCosts } from "./run-queue.ts";
import type { SchedEntity } from "./sched-entity.ts";

/** Ran less than this ago, ns: its cache is warm, and it is not moved. Source: v6.18 kernel/sched/fair.c (sysctl_sched_migration_cost). */
const migrationCost = 500_000;

/** The shortest time for which a host polls, ns. Source: v6.18 virt/kvm/kvm_main.c (halt_poll_ns_grow_start). */
const haltPollGrowStart = 10_000;

/** One CPU: who runs, who waits, and how it wakes up. */
export class Cpu {
  readonly index: number;
  readonly queue: RunQueue;
  readonly load = new LoadAverage();
  /** When it last had nothing to do, ns. */
  idleSince = 0;
  /** When it will begin after having been idle; -1 when it is not about to. */
  rousedAt = -1;
  /** Who runs should give way. */
  resched = false;
  /** Woken, and to be put into the queue when the CPU begins. */
  readonly arriving: SchedEntity[] = [];
  /** Ticks in a row at which an idle CPU took nothing from here. */
  balanceFailed = 0;
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
   * It is virtual, idle, and off its real CPU: to the guest it looks as if it were preempted.
   *
   * Source: v6.18 arch/x86/kernel/kvm.c (__kvm_vcpu_is_preempted), kernel/sched/syscalls.c (available_idle_cpu).
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
   * Takes a task that waits on the busiest of `cpus`, one whose cache is cold unless `hot` will do. `null`: there is none.
   *
   * Source: v6.18 kernel/sched/fair.c (sched_balance_newidle, can_migrate_task).
   * Left out: the cost of looking, and who does not look because it is never idle for long.
   */
  pull(cpus: readonly Cpu[], hot: boolean): SchedEntity | null {
    const { now } = this.sim;
    let busiest: Cpu | null = null;
    for (const other of cpus) {
      if (other.queue.curr === null || other.queue.waiting === 0) continue;
      if (busiest === null || other.queue.waiting > busiest.queue.waiting) busiest = other;
    }
    const entity = busiest?.queue.find((one) => hot || now - one.execStart > migrationCost);
    if (busiest === null || entity === undefined) return null;
    busiest.dequeue(entity, true);
    this.adopt(entity, busiest);
    this.enqueue(entity);
    return entity;
  }
}
