/** A thread that runs replications. Errors cross the border as data: the other side cannot see a class of ours. */
import type { Variant } from "../../sim/kernels/variant.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { type ReplicationJson, replicateOnce, toJson } from "../../sim/study/replication.ts";

/** One replication to run. */
export interface Job {
  readonly scenario: Scenario;
  readonly variant: Variant;
  readonly seed: string;
  /** Measured from here on. */
  readonly from_ns: number;
}

/** What came of it. */
export type JobAnswer =
  | { readonly ok: true; readonly replication: ReplicationJson }
  | { readonly ok: false; readonly message: string; readonly stack: string };

/** Runs one job. Never throws. */
export default function work(job: Job): JobAnswer {
  try {
    return {
      ok: true,
      replication: toJson(replicateOnce(job.scenario, job.variant, job.seed, [], undefined, job.from_ns)),
    };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { ok: false, message, stack: stack ?? message };
  }
}
