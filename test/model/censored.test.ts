/** What has not ended is no absent sample: a run that is cut at any moment says of each statistic what the run that went on can bear out. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { LockStat } from "../../sim/measure/lock/lock-stat.ts";
import { type Metrics, parseMetricKey } from "../../sim/measure/metrics/metrics.ts";
import { Operations } from "../../sim/measure/operations.ts";
import { VmaLocks } from "../../sim/measure/vma-locks.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { runScenario } from "../../sim/run.ts";
import { paired, type SpanListener } from "../../sim/spans/paired.ts";
import { replay } from "../../sim/spans/replay.ts";
import type { SpanHears } from "../../sim/spans/span.ts";
import type { Bounds } from "../../sim/study/bounds.ts";
import type { Observed } from "../../sim/study/observed.ts";
import { type Aggregate, valueIn } from "../../sim/study/statistic.ts";
import { judge } from "../../sim/study/verdict.ts";
import type { SavedEvent } from "../../sim/trace/event.ts";
import type { TaskInfo } from "../../sim/trace/trace.ts";
import { budgetOf } from "../support/budget-of.ts";
import { randomScenario, randomVariant } from "../support/random-scenario.ts";
import { hearsSaved } from "../support/saved-events.ts";

/** What a listener hears of spans, of those alone that began by a moment. */
function begunBy(moment: number, spans: SpanHears): SpanHears {
  const { holdBegan, holdEnded, waitEnded, operationEnded, vmaHoldEnded, vmaWaitEnded, stillOpen } = spans;
  const early = ({ from }: { readonly from: number }): boolean => from <= moment;
  return {
    holdBegan: (hold, now) => void (early(hold) && holdBegan?.(hold, now)),
    holdEnded: (hold, now) => void (early(hold) && holdEnded?.(hold, now)),
    waitEnded: (wait, hold, now) => void (early(wait) && waitEnded?.(wait, hold, now)),
    operationEnded: (operation, done, now) => void (early(operation) && operationEnded?.(operation, done, now)),
    vmaHoldEnded: (hold, now) => void (early(hold) && vmaHoldEnded?.(hold, now)),
    vmaWaitEnded: (wait, now) => void (early(wait) && vmaWaitEnded?.(wait, now)),
    stillOpen: {
      hold: (hold, now) => void (early(hold) && stillOpen?.hold?.(hold, now)),
      wait: (wait, now) => void (early(wait) && stillOpen?.wait?.(wait, now)),
      operation: (operation, now) => void (early(operation) && stillOpen?.operation?.(operation, now)),
      vmaHold: (hold, now) => void (early(hold) && stillOpen?.vmaHold?.(hold, now)),
      vmaWait: (wait, now) => void (early(wait) && stillOpen?.vmaWait?.(wait, now)),
    },
  };
}

/** The distributions of the spans of a trace that began by a moment. */
function measured(events: readonly SavedEvent[], tasks: readonly TaskInfo[], moment: number): Metrics[] {
  const all = [new LockStat([]), new Operations(), new VmaLocks()];
  const listeners = all.map(({ spans }): SpanListener => ({ spans: begunBy(moment, spans) }));
  replay(events, tasks, listeners);
  return all.map((one) => one.metrics());
}

const aggregates: readonly Aggregate[] = [
  { kind: "count" },
  { kind: "mean" },
  { kind: "sum_rate" },
  { kind: "min" },
  { kind: "max" },
  { kind: "percentile", p: 50 },
  { kind: "percentile", p: 99 },
  { kind: "share", above_ns: 10_000 },
  { kind: "share", above_ns: 1_000_000 },
];
/** Both are percentiles within 0.1 %. */
const near = 1.003;

/**
 * A statistic of a key in both. Null where the samples are not the same ones: an operation that fails later is none, nor is a wait that is
 * given up, or goes on in another mode; and whether an open hold will sleep for IO once more nobody knows.
 */
function pairOf(key: string, cut: Metrics, long: Metrics, aggregate: Aggregate): readonly [Bounds, Bounds] | null {
  const { name, tags } = parseMetricKey(key);
  const count = ({ histograms, open }: Metrics): number =>
    (histograms.get(key)?.count ?? 0) + (open.get(key)?.count ?? 0);
  const [now, later] = [count(cut), count(long)];
  const mayLose = name === "op.latency" || name === "mmap_sem.wait";
  const mayGain = name === "mmap_sem.hold_io" || name === "mmap_sem.wait";
  if ((now > later && !mayLose) || (now < later && !mayGain)) expect.fail(`${key}: ${now} samples, then ${later}`);
  if (now !== later && !(name === "mmap_sem.hold_io" && isGrowing(aggregate))) return null;
  const [a, b] = [cut, long].map((metrics) => valueIn(metrics, 1e9, { metric: key, name, tags, aggregate }));
  return a == null || b == null ? null : [a, b];
}

/** Is it no smaller with more samples? */
function isGrowing({ kind }: Aggregate): boolean {
  return kind === "count" || kind === "max";
}

test("for any scenario cut at any moment: each statistic bounds that of the run that went on, and no budget passes that the latter exceeds", () => {
  let open = 0;
  fc.assert(
    fc.property(
      randomScenario,
      randomVariant,
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (scenario, variant, share) => {
        const events: SavedEvent[] = [];
        let tasks: readonly TaskInfo[] = [];
        const saves = hearsSaved((e, all) => {
          tasks = all;
          events.push(e);
        });
        runScenario(scenario, parseVariant(variant), "1", paired([saves]), { moveLimit: 20_000 });
        const moment = events[Math.floor(share * events.length)]?.time ?? 0;
        const before = events.filter(({ time }) => time <= moment);
        const [cuts, longs] = [measured(before, tasks, moment), measured(events, tasks, moment)];
        for (const [i, cut] of cuts.entries()) {
          for (const key of cut.histograms.keys()) {
            // Whether an open hold will sleep for IO once more nobody knows: what there is of it is no more than a lower bound.
            const isIo = key.startsWith("mmap_sem.hold_io");
            for (const aggregate of aggregates) {
              const pair = pairOf(key, cut, longs[i] as Metrics, aggregate);
              if (pair === null) continue;
              const [now, later] = pair;
              if (now.low !== now.high) open++;
              const text = `${key} ${JSON.stringify(aggregate)}: ${JSON.stringify([now, later])}`;
              if (now.low > later.low * near) expect.fail(`${text} is no lower bound`);
              if (!isIo && later.high > now.high * near) expect.fail(`${text} is no upper bound`);
              if (isIo) continue;
              const name = parseMetricKey(key);
              const budget = budgetOf(name.name, name.tags, "max <= x", aggregate, (later.low / near) * 0.999);
              if (later.low > 0 && statusOf(budget, now) === "pass") expect.fail(`${text} passes`);
            }
          }
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(open).toBeGreaterThan(100);
});

function statusOf(budget: ReturnType<typeof budgetOf>, value: Bounds): string {
  const observed: Observed = { values: () => new Map([["1", value]]), samples: () => 1e9, open: () => 1 };
  return judge([budget], observed, null, "2026-01-01")[0]?.status ?? "";
}
