import type { Kernel } from "../kernel.ts";

/**
 * Timer ticks since the start. It only moves on the grid of the tick.
 *
 * Source: v6.18 include/linux/jiffies.h.
 */
export function jiffies(kernel: Kernel): number {
  return Math.floor(kernel.sim.now / kernel.costs.host_tick);
}

/** True when the tick `a` is strictly later than `b`. Source: v6.18 include/linux/jiffies.h. */
export function time_after(a: number, b: number): boolean {
  return a > b;
}
