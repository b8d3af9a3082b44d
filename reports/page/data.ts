/** What a page gives its program: the JSON in it. Times are whole ns; of a window, since the window's beginning. */

/** Bins of the page's distributions in a power of two; a bin is 4.4 % wide. */
export const binsPerOctave = 16;

/** Kinds of {@link PageSlices}, by their number. */
export const sliceKinds = [
  "wait-R",
  "wait-W",
  "hold-R",
  "hold-W",
  "granted",
  "sleep",
  "run-queue",
  "operation",
  "vma-hold",
  "vma-wait",
  "io",
  "mark",
] as const;
export type SliceKind = (typeof sliceKinds)[number];

/** A page's data. */
export interface PageData {
  /** As they were asked for, the reference first. */
  readonly variants: readonly string[];
  readonly dashes: readonly (readonly number[])[];
  readonly distributions: readonly PageDistribution[];
  readonly windows: readonly PageWindow[];
  /** The command that makes the page again, in its own folder. */
  readonly again: string;
}

/** One distribution, in every variant. */
export interface PageDistribution {
  readonly metric: string;
  /** Of whom: `-R`, `-R role kworker`, `role kvm_vcpu`. */
  readonly of: string;
  readonly lines: readonly PageLine[];
  readonly limits: readonly PageLimit[];
}

/** A distribution of one variant. */
export interface PageLine {
  readonly n: number;
  /** How many of them had not ended, if any: in the bin of their age, and longer than that. */
  readonly open?: number;
  /** How many of them are 0, and on no log axis. */
  readonly zeros: number;
  readonly max: number;
  /**
   * Pairs: how many bins further than the bin before (the first: than bin 0, which begins at 1 ns), and how many values are in it.
   * Bin b holds the values from 2^(b/16) ns.
   */
  readonly bins: readonly number[];
}

/** A budget as a place in the picture: at most the share `above` (0..1) of the values may be above `ns`. */
export interface PageLimit {
  readonly text: string;
  readonly ns: number;
  /** `null` when it limits another statistic. */
  readonly above: number | null;
}

/** A stretch of a run. Names are numbers in `names`, tasks and mms are numbers in their lists; -1 is none. */
export interface PageWindow {
  /** Which of the page's variants. */
  readonly variant: number;
  readonly seed: string;
  /** Since the start of the run. */
  readonly from_ns: number;
  readonly length: number;
  readonly left_out: number;
  /** `comm` and role. */
  readonly tasks: readonly (readonly [string, string])[];
  readonly mms: readonly string[];
  readonly names: readonly string[];
  readonly slices: PageSlices;
  readonly waits: readonly PageWait[];
  readonly paths: readonly PagePath[];
  /** The whole run; `null` where it was not drawn. */
  readonly overview: PageOverview | null;
}

/** A run in slots: see `RunOverview` of a saved window. */
export interface PageOverview {
  readonly slot_ns: number;
  readonly wait_p99_ns: readonly (number | null)[];
  readonly queued: readonly number[];
  readonly in_flight: readonly number[];
}

/** What went on for a time, as columns. Of an `io` the task is the name of the device; a `mark` has no length. */
export interface PageSlices {
  readonly kind: readonly number[];
  readonly task: readonly number[];
  /** Below 0 when it began before the window. */
  readonly from: readonly number[];
  /** `null` when it was not over at the end of the window. */
  readonly to: readonly (number | null)[];
  readonly mm: readonly number[];
  readonly name: readonly number[];
  /** Of a wait its number in `waits`, of an operation in `paths`. */
  readonly ref: readonly number[];
}

/** Numbers that a charge has in {@link PageWait.charges}, in this order; holderMode is 0 for nobody, 1 for R, 2 for W. */
export const chargeFields = [
  "length",
  "holder",
  "holderMode",
  "holderSite",
  "cause",
  "carrier",
  "carrierSite",
] as const;

/** A wait that is over and who made it. */
export interface PageWait {
  readonly task: number;
  readonly mm: number;
  readonly mode: "R" | "W";
  readonly site: number;
  readonly from: number;
  readonly to: number;
  /** The operation that it delayed, in `paths`; -1 when that did not end before the run did. */
  readonly path: number;
  /** See {@link chargeFields}; in order of time and without gaps, so the lengths sum to the wait. */
  readonly charges: readonly number[];
}

/** Numbers that a segment has in {@link PagePath.segments}. */
export const segmentFields = ["length", "task", "site", "doing"] as const;

/** The critical path of an operation. */
export interface PagePath {
  readonly task: number;
  readonly op: number;
  readonly number: number;
  readonly from: number;
  readonly to: number;
  /** See {@link segmentFields}; in order of time and without gaps, so the lengths sum to the latency. */
  readonly segments: readonly number[];
}
