import type { LoadSteps } from "../../scenario.ts";

/**
 * A clock that goes as many times faster as the load is. A pause of so much on it is one of the law divided by the load, also
 * across the border of two steps. Without a load it shows the time.
 */
export class LoadClock {
  private readonly steps: readonly number[];
  private readonly each: number;
  /** What it shows when each step begins. */
  private readonly begins: number[] = [];

  constructor({ steps, each_ns }: LoadSteps = { steps: [1], each_ns: 0 }) {
    this.steps = steps;
    this.each = each_ns;
    let sum = 0;
    for (const step of steps) {
      this.begins.push(sum);
      sum += step * each_ns;
    }
  }

  /** What it shows at `time` (ns). */
  at(time: number): number {
    const last = this.steps.length - 1;
    const i = last === 0 ? 0 : Math.min(last, Math.floor(time / this.each));
    return (this.begins[i] as number) + (time - i * this.each) * (this.steps[i] as number);
  }

  /** The time (whole ns) at which it shows `reading`, at least 0. */
  timeOf(reading: number): number {
    const i = Math.max(
      0,
      this.begins.findLastIndex((begin) => begin <= reading),
    );
    return Math.round(i * this.each + (reading - (this.begins[i] as number)) / (this.steps[i] as number));
  }
}
