/** A budget: what a statistic of a metric may be at most (or at least), and how sure one must be. */
import type { Statistic } from "./statistic.ts";

/** What it is held against: a value, or `factor` times the baseline. */
export type Limit =
  | { readonly kind: "absolute"; readonly value: number }
  | { readonly kind: "baseline"; readonly factor: number };

/** One budget, parsed. */
export interface Budget extends Statistic {
  /** As written: `p99 <= 1ms`. */
  readonly assert: string;
  readonly op: "<=" | "<" | ">=" | ">" | "==";
  readonly limit: Limit;
  /** `off`: not looked at. `warn`: told, and no failure. */
  readonly level: "off" | "warn" | "error";
  /** 0..1. */
  readonly confidence: number;
  /** Smallest relative change that matters, for a limit that is the baseline itself. */
  readonly minEffect: number;
  /** Excused until the end of that day, `2026-12-31`, and why. */
  readonly waiver: { readonly until: string; readonly reason: string } | null;
  /** `file:line:col`. */
  readonly where: string;
}

/** The name of the statistic, as written: `mmap_sem.wait{mode=R} p99`. */
export function statisticName({ metric, assert }: Pick<Budget, "metric" | "assert">): string {
  return `${metric} ${assert.split(/[<>=]=?(?!.*\))/)[0]?.trim() ?? assert}`;
}
