import type { Cpu } from "./cpu.ts";
import { type WakeUpCosts, WakeUpLaw } from "./cpus.ts";
import type { SliceCosts } from "./run-queue.ts";

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

/** From a wake-up to the first instruction, by what the CPU does at the time. */
export class WakeUpLaws {
  /** The CPU runs somebody who has to give way. */
  readonly preempting: WakeUpLaw;
  private readonly idle: WakeUpLaw;
  private readonly polled: WakeUpLaw;
  private readonly isVirtual: boolean;

  constructor(costs: SchedulingCosts, seed: string) {
    this.preempting = new WakeUpLaw(costs.wake_up_preempt, costs.wake_up_preempt_p99, seed, "wake-up-preempt");
    this.idle = new WakeUpLaw(costs.wake_up, costs.wake_up_p99, seed, "wake-up");
    this.polled = new WakeUpLaw(costs.wake_up_polled, costs.wake_up_polled_p99, seed, "wake-up-polled");
    this.isVirtual = costs.halt_poll > 0;
  }

  /** The CPU is idle. */
  rousing(cpu: Cpu): WakeUpLaw {
    return this.isVirtual && !cpu.isHalted ? this.polled : this.idle;
  }
}
