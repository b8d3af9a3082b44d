import { paired } from "../../sim/spans/paired.ts";
import { hearsSaved } from "../support/saved-events.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { BlameLedger } from "../../sim/measure/blame/blame.ts";
import { LockStat } from "../../sim/measure/lock/lock-stat.ts";
import { parseMetricKey, sorted } from "../../sim/measure/metrics/metrics.ts";
import { CriticalPaths } from "../../sim/measure/blame/critical-path.ts";
import { Operations } from "../../sim/measure/operations.ts";
import type { Charge, ChargedWait, OperationPath } from "../../sim/measure/window/window.ts";
import { runScenario } from "../../sim/run.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { TaskInfo } from "../../sim/trace/trace.ts";
import type { SavedEvent } from "../../sim/trace/event.ts";
import { randomScenario, randomVariant } from "../support/random-scenario.ts";

interface Held {
  readonly task: number;
  readonly mm: string;
  readonly mode: string;
  readonly from: number;
  to: number;
}

/** What an observer of the trace writes down, without the ledger: who had which lock, who stood in the queue, who slept why. */
class Observer {
  readonly hears = hearsSaved((e, tasks) => this.event(e, tasks)).hears;
  readonly held: Held[] = [];
  readonly queued: Held[] = [];
  readonly slept: { task: number; why: string; from: number; to: number }[] = [];

  event(e: SavedEvent, _tasks: readonly TaskInfo[]): void {
    const { kind, task, mm, mode, time } = e;
    const mine = (list: Held[]): Held | undefined =>
      list.findLast((one) => one.task === task && one.mm === mm && one.to === Number.POSITIVE_INFINITY);
    const open = { task, mm, mode, from: time, to: Number.POSITIVE_INFINITY };
    const close = (one: { to: number } | undefined): void => {
      if (one !== undefined) one.to = time;
    };
    if (kind === "granted") this.held.push(open);
    if (kind === "contention_begin" && mine(this.queued) === undefined) this.queued.push(open);
    if (kind === "granted" || kind === "mmap_lock_acquire_returned") close(mine(this.queued));
    if (kind === "mmap_lock_released") close(mine(this.held));
    if (kind === "mmap_lock_acquire_returned" && e.value === 1) {
      if (e.aux === 1) close(mine(this.held));
      const isGranted = this.grants.delete(`${task} ${mm}`);
      if (!isGranted) this.held.push(open);
    }
    if (kind === "granted") this.grants.add(`${task} ${mm}`);
    if (kind === "sleep") this.slept.push({ task, why: e.label, from: time, to: Number.POSITIVE_INFINITY });
    if (kind === "wake") close(this.slept.findLast((one) => one.task === task));
  }

  private readonly grants = new Set<string>();
}

const ioReasons = ["swap", "file", "fuse", "userfault", "writeback", "throttle", "reclaim", "migration"];

function holds(one: { from: number; to: number }, { from, to }: { from: number; to: number }): boolean {
  return one.from <= from && to <= one.to;
}

/** How much of a stretch a task slept for a reason: one sleep may follow another at once. */
function asleepFor(
  reason: string,
  sleeper: number,
  { from, to }: { from: number; to: number },
  seen: Observer,
): number {
  let ns = 0;
  for (const one of seen.slept) {
    if (one.task === sleeper && one.why === reason) ns += Math.max(0, Math.min(one.to, to) - Math.max(one.from, from));
  }
  return ns;
}

/** Each charge against what the observer saw: what is wrong with it, "" for nothing. */
function wrongIn(wait: ChargedWait, charge: Charge, seen: Observer): string {
  const atLock = seen.held.filter(({ mm, from, to }) => mm === wait.mm && from < charge.to && to > charge.from);
  if (charge.holderMode === "") return atLock.length === 0 ? "" : "nobody is charged, and somebody has the lock";
  const own = atLock.filter(({ task, mode }) => task === charge.holder && mode === charge.holderMode);
  if (!own.some((one) => holds(one, charge))) return "the one that is charged has not the lock";
  // Nobody else who had the lock all that time stayed longer, unless the holder is the waiter itself or had not left when the wait ended.
  const leaves = Math.max(...own.map(({ to }) => to));
  if (charge.holder !== wait.task && leaves <= wait.to && atLock.some(({ to }) => to > leaves)) {
    return "another stays longer than the one that is charged";
  }
  if (charge.carrier >= 0) {
    if (wait.mode + charge.holderMode !== "RR") return "a carrier, and it is not a reader waiting for a reader";
    const stands = seen.queued.some(
      (one) => one.mm === wait.mm && one.task === charge.carrier && one.mode === "W" && one.from <= charge.from,
    );
    if (!stands) return "the carrier does not stand in the queue";
  }
  if (ioReasons.includes(charge.cause)) {
    const isAsleep = asleepFor(charge.cause, charge.holder, charge, seen) === charge.to - charge.from;
    if (!isAsleep) return "the holder does not sleep for what it is charged with";
  }
  if (charge.cause === "cpu") {
    const sleeps = seen.slept.filter(
      ({ task, from, to }) => task === charge.holder && from < charge.to && to > charge.from,
    );
    // Only the switch to a CPU that was waited for lies between the sleep and its end.
    const asleep = sleeps.reduce((sum, { from, to }) => sum + Math.min(to, charge.to) - Math.max(from, charge.from), 0);
    if (asleep > 10_000) return "the holder is charged with work and sleeps";
  }
  return "";
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Whether the parts follow each other without gaps from the beginning of the whole to its end: "" if so. */
function chain(whole: Stretch, parts: readonly Stretch[]): string {
  let at = whole.from;
  for (const { from, to } of parts) {
    if (from !== at || to <= from) return `${from}..${to} does not follow ${at}`;
    at = to;
  }
  return at === whole.to ? "" : `ends at ${at}, not at ${whole.to}`;
}

/** Runs it and holds the ledger against LockStat's waits and the observer's notes. Returns how many waits there were. */
function audit(scenario: Scenario, variant: string): number {
  const waits: ChargedWait[] = [];
  const ledger = new BlameLedger((wait) => waits.push(wait));
  const silent = new BlameLedger();
  const stat = new LockStat([]);
  const seen = new Observer();
  runScenario(scenario, parseVariant(variant), "1", paired([ledger, silent, stat, seen]), { moveLimit: 50_000 });
  for (const wait of waits) {
    const gap = chain(wait, wait.charges);
    if (gap !== "") expect.fail(`${gap}\n${JSON.stringify(wait)}`);
    for (const charge of wait.charges) {
      const wrong = wrongIn(wait, charge, seen);
      if (wrong !== "") expect.fail(`${wrong}\n${JSON.stringify(wait)}\n${JSON.stringify(charge)}`);
    }
  }
  const charged = new Map<string, number>();
  for (const [key, { sum }] of sorted(silent.metrics().totals)) {
    const { mm, mode, role, site } = parseMetricKey(key).tags;
    const waiter = `mmap_sem.wait{mm=${mm},mode=${mode},role=${role},site=${site}}`;
    charged.set(waiter, (charged.get(waiter) ?? 0) + sum);
  }
  const { histograms } = stat.metrics();
  for (const [key, samples] of histograms) {
    if (key.startsWith("mmap_sem.wait{mm=")) expect(charged.get(key) ?? 0, key).toBe(samples.sum);
  }
  for (const key of charged.keys()) expect(histograms.has(key), key).toBe(true);
  return waits.length;
}

test("every waited nanosecond is charged once, to one who had the lock then and did what is said, in any scenario and era", () => {
  let waits = 0;
  fc.assert(
    fc.property(randomScenario, randomVariant, (scenario, variant) => {
      waits += audit(scenario, variant);
    }),
    { numRuns: 150 },
  );
  expect(waits).toBeGreaterThan(100);
});

test("the segments of a critical path have no gaps and sum to the operation's latency, in any scenario and era", () => {
  let operations = 0;
  fc.assert(
    fc.property(randomScenario, randomVariant, (scenario, variant) => {
      const paths: OperationPath[] = [];
      const measured = new Operations();
      const seen = new Observer();
      const listeners = [new CriticalPaths((path) => paths.push(path)), measured, seen];
      runScenario(scenario, parseVariant(variant), "1", paired(listeners), { moveLimit: 50_000 });
      for (const path of paths) {
        const wrong = chain(path, path.segments);
        if (wrong !== "") expect.fail(`${wrong}\n${JSON.stringify(path)}`);
        for (const one of path.segments) {
          if (!ioReasons.includes(one.doing)) continue;
          if (asleepFor(one.doing, one.task, one, seen) !== one.to - one.from) expect.fail(JSON.stringify(one));
        }
      }
      operations += paths.length;
      const latencies = [...measured.metrics().histograms].filter(([key]) => key.includes("op="));
      const sum = latencies.reduce((all, [, histogram]) => all + histogram.sum, 0);
      expect(paths.reduce((all, { from, to }) => all + to - from, 0)).toBe(sum);
    }),
    { numRuns: 100 },
  );
  expect(operations).toBeGreaterThan(100);
});
