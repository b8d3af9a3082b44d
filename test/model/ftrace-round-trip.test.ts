import { replay } from "../../sim/spans/replay.ts";
import { paired } from "../../sim/spans/paired.ts";
import { hearsSaved } from "../support/saved-events.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { LockStat } from "../../sim/measure/lock/lock-stat.ts";
import { runScenario } from "../../sim/run.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { TaskInfo } from "../../sim/trace/trace.ts";
import type { SavedEvent } from "../../sim/trace/event.ts";
import { type FtraceFormat, ftraceFormats, lockLineKinds, type StampUnit } from "../../traces/ftrace-line.ts";
import { parseRecording } from "../../traces/recording/parse-recording.ts";
import { ftraceText } from "../../traces/ftrace-text.ts";
import { eventText, eventTextHead } from "../../reports/text/experiments/event-text.ts";
import { constant, disk, smallScenario, swapped } from "../support/small-scenario.ts";
import { randomScenario, randomVariant } from "../support/random-scenario.ts";

/** Keeps every event of a run. */
class All {
  readonly hears = hearsSaved((e, tasks) => this.event(e, tasks)).hears;
  readonly events: SavedEvent[] = [];
  tasks: readonly TaskInfo[] = [];
  event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    this.events.push({ ...e });
    this.tasks = tasks;
  }
}

function record(scenario: Scenario, variant: string, moveLimit?: number) {
  const [all, stat] = [new All(), new LockStat([])];
  const limit = moveLimit === undefined ? {} : { moveLimit };
  const { simulated_ns } = runScenario(scenario, parseVariant(variant), "1", paired([all, stat]), limit);
  return { recorded: { tasks: all.tasks, before: [], events: all.events, left_out: 0, end: simulated_ns }, stat };
}

/** What lock_stat says of each mode: counts, hold and wait sums. */
function sums(stat: LockStat) {
  const { histograms, counts } = stat.metrics();
  return (["R", "W"] as const).map((mode) => {
    const [hold, wait] = ["hold", "wait"].map((name) => histograms.get(`mmap_sem.${name}{mode=${mode}}`));
    const contentions = counts.get(`mmap_sem.contentions{mode=${mode}}`);
    return { mode, holds: hold?.count, hold_ns: hold?.sum, waits: wait?.count, wait_ns: wait?.sum, contentions };
  });
}

function readBack(recorded: ReturnType<typeof record>["recorded"], format: FtraceFormat, unit: StampUnit) {
  const trace = parseRecording(ftraceText(recorded, format, unit), "run.txt");
  expect(trace.problems).toEqual([]);
  const stat = new LockStat([]);
  // A text does not say when the recording ended: what is open then is as old as in the run.
  replay(trace.events, trace.tasks, [stat], trace.cpus, recorded.end);
  return { trace, stat };
}

test.each(ftraceFormats)("a run written as %s and read back has the same counts, holds and waits", (format) => {
  for (const variant of ["v3.17", "v6.18"]) {
    const { recorded, stat } = record(loadScenario("kvm-swap", ["duration=500ms"]).scenario, variant);
    const [direct] = sums(stat);
    expect(direct?.wait_ns).toBeGreaterThan(0);
    const read = readBack(recorded, format, "ns");
    expect(sums(read.stat)).toEqual(sums(stat));
  }
});

const isLockLine: ReadonlySet<string> = new Set(lockLineKinds);

/** The lock events of a run as the text can show them, a line each: the mm by its pointer, without site and function. */
function visible(events: readonly SavedEvent[], tasks: readonly TaskInfo[]): string {
  const lines = events.flatMap((e) => {
    const success = e.kind === "mmap_lock_acquire_returned" ? e.value : 0;
    return isLockLine.has(e.kind) ? [`${e.time} ${tasks[e.task]?.comm} ${e.kind} ${e.mode} ${success} ${e.aux}`] : [];
  });
  return lines.join("\n");
}

/**
 * What lock_stat says of the lock events alone. That an operation ended after an attempt that failed, and so nobody waits any more, is in no
 * line: the next attempt of that task, however late, is of the same wait.
 */
function shown({ events, tasks, end }: ReturnType<typeof record>["recorded"]) {
  const stat = new LockStat([]);
  const lines = events.filter(({ kind }) => isLockLine.has(kind));
  replay(lines, tasks, [stat], [], end);
  return sums(stat);
}

const every20us = { kind: "every", law: constant(20_000) } as const;
const ofRam = { schedule: every20us, order: "random", mm: "mm", touch: "ram" } as const;

/** khugepaged of v5.4 tries for the lock beside page faults, and goes away without it, over and over. */
const givesUp = smallScenario(
  {
    khugepaged: { role: "mm_call", count: 2, call: "khugepaged", pages: 1, ...ofRam },
    thread: { role: "user_thread", count: 1, write: 0, access: "user", ...ofRam },
  },
  {
    costs: loadScenario("kvm-swap").scenario.costs,
    duration_ns: 20_000_000,
    devices: { disk: disk({ latency: constant(10_000) }) },
    mms: { mm: { vmas: { ram: swapped({ resident: 0.3, keep: 0.5, cow: 0.2 }) }, other_vmas: 5, arg_start: "ram" } },
  },
);

test("any run is read back event by event with nanosecond stamps, and within 1 us an event at 1 us", () => {
  const seen = { downgrades: 0, failures: 0, contentions: 0 };
  fc.assert(
    fc.property(randomScenario, randomVariant, (scenario, variant) => {
      const { recorded } = record(scenario, variant, 50_000);
      const exact = readBack(recorded, "v6.18", "ns");
      const direct = shown(recorded);
      expect(sums(exact.stat)).toEqual(direct);
      expect(visible(exact.trace.events, exact.trace.tasks)).toBe(visible(recorded.events, recorded.tasks));
      expect(exact.trace).toMatchObject({ other_events: 0, out_of_order: 0, losses: 0 });
      // What lasts when the run ends is open, and nothing else is without its other half.
      const open = { acquired_without_start: 0, released_without_hold: 0, start_without_answer: 0 };
      expect(exact.trace.unmatched).toMatchObject(open);

      const rounded = sums(readBack(recorded, "v6.18", "us").stat);
      direct.forEach((one, i) => {
        const { holds = 0, hold_ns = 0, waits = 0, wait_ns = 0 } = rounded[i] ?? {};
        expect([holds, waits]).toEqual([one.holds, one.waits]);
        expect(Math.abs(hold_ns - (one.hold_ns ?? 0))).toBeLessThanOrEqual(1000 * holds);
        expect(Math.abs(wait_ns - (one.wait_ns ?? 0))).toBeLessThanOrEqual(1000 * waits);
      });
      for (const e of recorded.events) {
        if (e.kind === "contention_begin") seen.contentions++;
        if (e.kind !== "mmap_lock_acquire_returned") continue;
        seen.downgrades += e.aux;
        seen.failures += 1 - e.value;
      }
    }),
    { numRuns: 100, examples: [[givesUp, "v5.4"]] },
  );
  for (const count of Object.values(seen)) expect(count, JSON.stringify(seen)).toBeGreaterThan(0);
});

test("a whole run at 1 us is off by at most 1 us an event", () => {
  const { recorded, stat } = record(loadScenario("proc-readers").scenario, "v3.17");
  const rounded = sums(readBack(recorded, "v6.18", "us").stat);
  sums(stat).forEach(({ holds = 0, hold_ns = 0, waits = 0, wait_ns = 0 }, i) => {
    expect(rounded[i]).toMatchObject({ holds, waits });
    expect(Math.abs((rounded[i]?.hold_ns ?? 0) - hold_ns)).toBeLessThanOrEqual(1000 * holds);
    expect(Math.abs((rounded[i]?.wait_ns ?? 0) - wait_ns)).toBeLessThanOrEqual(1000 * waits);
  });
});

test("the events that `run --events` prints are read back too, the others are counted", () => {
  const { recorded, stat } = record(loadScenario("kvm-swap", ["duration=500ms"]).scenario, "v4.0");
  const { events, tasks } = recorded;
  const text = [eventTextHead(["qemu"]), ...events.map((e) => eventText(e, tasks))].join("\n");
  const trace = parseRecording(text, "events.txt");
  expect(trace.problems).toEqual([]);
  expect(trace.events.length + trace.other_events).toBe(events.length);
  const read = new LockStat([]);
  replay(trace.events, trace.tasks, [read]);
  expect(sums(read)).toEqual(sums(stat));
});
