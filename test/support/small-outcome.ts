import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { BlameLedger } from "../../sim/measure/blame/blame.ts";
import { LockStat } from "../../sim/measure/lock/lock-stat.ts";
import { mergeMetrics } from "../../sim/measure/metrics/metrics.ts";
import { Operations } from "../../sim/measure/operations.ts";
import type { Replication } from "../../sim/study/replication.ts";
import { seedValues } from "../../sim/study/outcome/seed-values.ts";
import { feed } from "./event-feed.ts";

const seeds = ["1", "2"];

/** What a hand-written story would be as the outcome of a variant with seeds "1" and "2". */
export function smallOutcome(variant: string, story: string): VariantOutcome {
  const lockStat = new LockStat(["swap"]);
  const operations = new Operations();
  const ledger = new BlameLedger();
  feed(lockStat, story);
  feed(ledger, story);
  feed(operations, story);
  const metrics = mergeMetrics([lockStat.metrics(), operations.metrics(), ledger.metrics()]);
  const replication = { metrics, simulated_ns: 10_000_000 } as Replication;
  return {
    variant,
    preset: variant,
    axes: { gup: variant, rwsem: "xadd-v3.17" },
    ending: "duration",
    findings: [],
    warm_up_ns: 0,
    precision: null,
    simulated_ns: 20_000_000,
    events: 1234,
    metrics,
    seeds,
    convoys: [],
    longest_wait: null,
    by_seed: seedValues(
      seeds.map((seed) => ({ ...replication, seed })),
      [],
    ),
  };
}

const fault = "mm=qemu mode=R site=async_pf_execute";
const maps = "mm=qemu mode=R site=show_pid_map";
const unmap = "mm=qemu mode=W site=vm_munmap";

/** A worker sleeps 8 ms for swap with the lock; a writer queues behind it, and a /proc reader behind the writer. */
export const plainStory = `
        0 kworker     start    ${fault}
        0 kworker     got      ${fault}
    10000 kworker     sleep    label=swap
    20000 mm_writer   start    ${unmap}
    30000 proc_reader op_begin label=maps value=1 aux=30000
    30000 proc_reader start    ${maps}
  8010000 kworker     wake     label=swap
  8012000 kworker     released ${fault}
  8015000 mm_writer   got      ${unmap}
  8017000 mm_writer   released ${unmap}
  8020000 proc_reader got      ${maps}
  8030000 proc_reader released ${maps}
  8030000 proc_reader op_end   label=maps value=1 aux=1
`;

/** The same draws; the worker lets go of the lock for its IO. */
export const unlockedStory = `
        0 kworker     start    ${fault}
        0 kworker     got      ${fault}
    10000 kworker     released ${fault}
    10000 kworker     sleep    label=swap
    20000 mm_writer   start    ${unmap}
    20000 mm_writer   got      ${unmap}
    22000 mm_writer   released ${unmap}
    30000 proc_reader op_begin label=maps value=1 aux=30000
    30000 proc_reader start    ${maps}
    30000 proc_reader got      ${maps}
    40000 proc_reader released ${maps}
    40000 proc_reader op_end   label=maps value=1 aux=1
  8010000 kworker     wake     label=swap
`;
