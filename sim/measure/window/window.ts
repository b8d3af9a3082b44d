import type { RunOverview } from "./overview.ts";
import type { Mode, SleepReason } from "../../trace/kinds.ts";
import type { TaskInfo } from "../../trace/trace.ts";
import type { SavedEvent } from "../../trace/event.ts";

/**
 * What a task was doing at a moment, as far as the trace shows:
 *
 * - a {@link SleepReason}: it slept for IO of that class, for a server in userspace (`fuse`, `userfault`), or for work;
 * - `cpu`: it ran;
 * - `run-queue`: it could run and waited for a CPU;
 * - `wake-up`: it owned the lock, or was the next to take it, and did not run yet;
 * - `mmap_sem`: it waited for the lock of another mm;
 * - `vma_lock`: it waited for the readers of a mapping.
 *
 * A real kernel's recording shows less: `start-to-return` is the time that an acquisition took which nobody kept waiting, `not-in-trace`
 * a wait for somebody who is not in the recording.
 */
export type Doing =
  | SleepReason
  | "cpu"
  | "run-queue"
  | "wake-up"
  | "mmap_sem"
  | "vma_lock"
  | "start-to-return"
  | "not-in-trace";

/** A piece of a wait, and who made it: `holder` had the lock from `from` to `to`, ns, and was doing `cause`. */
export interface Charge {
  readonly from: number;
  readonly to: number;
  /** A task; the waiter itself when it owned the lock and did not run yet, or was the next to take a free one. */
  readonly holder: number;
  /** How the holder had it; "" while nobody had it. */
  readonly holderMode: Mode | "";
  readonly holderSite: string;
  readonly cause: Doing;
  /** The queued writer behind which a reader waited for a reader, -1 for none. */
  readonly carrier: number;
  readonly carrierSite: string;
}

/** One wait for an mmap_sem that ended with the lock, and its charges: without gaps, in order, the sum is the wait. */
export interface ChargedWait {
  readonly task: number;
  readonly mm: string;
  readonly mode: Mode;
  readonly site: string;
  readonly from: number;
  readonly to: number;
  readonly charges: readonly Charge[];
}

/** A piece of an operation's time: what the task that carried it on was doing. */
export interface PathSegment {
  readonly from: number;
  readonly to: number;
  /** The task that the operation waited for: its own, or a worker's. */
  readonly task: number;
  readonly site: string;
  /**
   * What that task did. `mmap_sem` is a wait for any mm's lock; `late` the time from the intended start to the real one; `queued` the
   * time until a worker or a server took up what was asked; `delivery` from there being an answer to the vcpu looking for it.
   */
  readonly doing: Doing | "late" | "queued" | "delivery";
}

/** One operation and where its time went: the segments have no gaps, and their sum is its latency. */
export interface OperationPath {
  readonly task: number;
  readonly op: string;
  readonly number: number;
  /** The intended start. */
  readonly from: number;
  readonly to: number;
  readonly segments: readonly PathSegment[];
}

/** A stretch of one run, with all that happened in it. Plain data. Times are ns since the start of the run. */
export interface EventWindow {
  readonly schema: "gupsim/window/v1";
  readonly scenario: string;
  readonly variant: string;
  readonly seed: string;
  readonly from_ns: number;
  readonly to_ns: number;
  /** All tasks of the run; the index is the number of the events. */
  readonly tasks: readonly TaskInfo[];
  /** What began before the stretch and lasts into it: locks held and waited for, sleeps, operations, faults, IOs. In order of time. */
  readonly before: readonly SavedEvent[];
  readonly events: readonly SavedEvent[];
  /** Events of the stretch that are not in `events`, because there were too many: the last ones. */
  readonly left_out: number;
  /** Waits that overlap the stretch. One that was not over when the run ended is not here. */
  readonly waits: readonly ChargedWait[];
  /** Operations that overlap the stretch, whenever they ended. One that did not is not here. */
  readonly paths: readonly OperationPath[];
  /** The whole run at a glance; null, or missing in files of before, where it was not drawn. */
  readonly overview?: RunOverview | null;
}
