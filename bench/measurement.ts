/** What one run of a case measured. */
export interface Measurement {
  /** CPU time of the process for the work, or wall time of a whole program. */
  readonly sec: number;
  /** How much was done: acquisitions, pairs, sleeps, or events of the engine. 1 for a whole program. */
  readonly ops: number;
  /** Peak resident memory of the process that did it. */
  readonly rssKB: number;
  /** What was computed: equal where two checkouts must agree, empty where they need not. */
  readonly check: string;
}

/**
 * Runs work in this process and times it by the CPU time of the process, threads of the collector and the compiler included: what else
 * the machine does moves it far less than wall time. `ops` and `check` come from its result.
 */
export function timed<T>(work: () => T, ops: (result: T) => number, check: (result: T) => string): Measurement {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  const sec = (user + system) / 1e6;
  return { sec, ops: ops(result), rssKB: process.resourceUsage().maxRSS, check: check(result) };
}

/** The one in the middle by time. */
export function median(measurements: readonly Measurement[]): Measurement {
  return measurements.toSorted((a, b) => a.sec - b.sec)[Math.floor(measurements.length / 2)] as Measurement;
}
