import { KeyedDraws } from "../engine/random.ts";
import { type Sampler, samplerOf } from "../engine/sampler.ts";
import type { Processor, Task } from "../engine/task.ts";

/** Who runs a task that was woken, and when. */
export interface Cpus {
  /** What tasks compute on, `null` when each has a CPU of its own. */
  readonly processor: Processor | null;
  /** A running task wakes `task`, `delay` ns from now. A spinning `task` goes on at once. */
  wake(task: Task, delay: number): void;
  /** The same for a reader that was let in from a lock's queue, whom its waker wakes only when it has let all of them in. */
  wakeReader(task: Task, delay: number): void;
  /** An interrupt wakes `task`: an IO or a timer is done. */
  wakeByInterrupt(task: Task): void;
}

/** What waking up takes, ns: see `scenarios/costs`. */
export interface WakeUpCosts {
  /** From the wake-up to the first instruction on another, idle CPU: median and 99th percentile of a log-normal law. */
  readonly wake_up: number;
  readonly wake_up_p99: number;
  /** The same for the first of the readers that one wake-up lets in; 0 for no difference. */
  readonly wake_up_reader: number;
  readonly wake_up_reader_p99: number;
  /** From the interrupt to the first instruction, on the same CPU. */
  readonly wake_up_irq: number;
}

/** Draws the latency of a wake-up: the n-th in one operation of a task is the same in every variant. */
export class WakeUpLaw {
  private readonly p50: number;
  private readonly sampler: Sampler | null;
  private readonly draws: KeyedDraws;

  constructor(p50: number, p99: number, seed: string, purpose: string) {
    this.p50 = p50;
    this.sampler = p99 > p50 && p50 > 0 ? samplerOf({ kind: "lognormal", p50_ns: p50, p99_ns: p99 }) : null;
    this.draws = new KeyedDraws(seed, "cpus", purpose);
  }

  next(task: Task): number {
    return this.sampler === null ? this.p50 : this.sampler.sample(task.draw(this.draws));
  }
}

/** The laws of a machine: for any wake-up, and for readers. */
export function wakeUpLaws(costs: WakeUpCosts, seed: string): { any: WakeUpLaw; reader: WakeUpLaw } {
  const any = new WakeUpLaw(costs.wake_up, costs.wake_up_p99, seed, "wake-up");
  if (costs.wake_up_reader === 0) return { any, reader: any };
  return { any, reader: new WakeUpLaw(costs.wake_up_reader, costs.wake_up_reader_p99, seed, "wake-up-reader") };
}

/** A CPU for every task: nobody is preempted or waits in a run queue. Only waking up takes time. */
export class UnlimitedCpus implements Cpus {
  readonly processor = null;
  private readonly laws: ReturnType<typeof wakeUpLaws>;
  private readonly irqNs: number;

  constructor(costs: WakeUpCosts, seed: string) {
    this.laws = wakeUpLaws(costs, seed);
    this.irqNs = costs.wake_up_irq;
  }

  wake(task: Task, delay: number): void {
    this.wakeBy(this.laws.any, task, delay);
  }

  wakeReader(task: Task, delay: number): void {
    this.wakeBy(this.laws.reader, task, delay);
  }

  private wakeBy(law: WakeUpLaw, task: Task, delay: number): void {
    if (task.pending === 0 || task.onCpu) task.wake(task.onCpu ? 0 : delay + law.next(task));
  }

  wakeByInterrupt(task: Task): void {
    task.wake(this.irqNs);
  }
}
