/** What a statistic is known to be while some of its samples have not ended: from what their ages make it to what it may become. */
export interface Bounds {
  readonly low: number;
  /** As {@link low} where nothing that is open can change it; infinite where nothing limits it. */
  readonly high: number;
}

/** Nothing that is open can change it. */
export function isCertain({ low, high }: Bounds): boolean {
  return low === high;
}

/** A value that cannot change. */
export function exactly(value: number): Bounds {
  return { low: value, high: value };
}

/** An upper bound as a document has it: null where nothing limits it. */
export function finite(high: number): number | null {
  return Number.isFinite(high) ? high : null;
}
