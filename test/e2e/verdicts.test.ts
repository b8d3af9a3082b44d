import { hearsSaved } from "../support/saved-events.ts";
import { describe, expect, test } from "vitest";
import { harmless, namedForNothing, namedWhenSlower } from "../../bench/statistics/gate.ts";
import { meanWait, mm1, p90OfMm1, queueRun } from "../../bench/statistics/queue.ts";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { runScenario } from "../../sim/run.ts";
import { logInterval, meanInterval } from "../../sim/study/statistics.ts";

describe("the gate", () => {
  test("catches one site that is 5 % slower with ten seeds, in 6 of 6 trials, and names no other", () => {
    for (let trial = 0; trial < 6; trial++) expect(namedWhenSlower(trial)).toEqual(["show_pid_smap"]);
  });

  test("does not cry wolf when one task, or all, draw other numbers: at most 1 of 5 trials each", () => {
    const found = Array.from({ length: 5 }, (_, trial) => namedForNothing(trial));
    for (const change of harmless) {
      expect(found.filter((named) => named[change].length > 0).length).toBeLessThanOrEqual(1);
    }
  });

  test("a task that is re-seeded changes the path of a run, not the draws of the others", () => {
    const { scenario } = loadScenario("proc-readers", ["duration=60ms"]);
    const plain = parseVariant("plain");
    const events = (reseeded: Readonly<Record<string, string>>): string[] => {
      const seen: string[] = [];
      const listener = hearsSaved((e, tasks) => {
        if (e.kind === "op_begin") seen.push(`${tasks[e.task]?.comm} ${e.value} ${e.aux}`);
      });
      runScenario(scenario, plain, "1", [listener], { reseeded });
      return seen;
    };
    const of = (all: readonly string[], task: string): string[] => all.filter((one) => one.startsWith(`${task} `));
    const [same, other] = [events({ "io-thread": "1" }), events({ "io-thread": "2" })];
    expect(same).toEqual(events({}));
    expect(of(other, "io-thread")[0]).not.toBe(of(same, "io-thread")[0]);
    expect(of(other, "maps-0")[0]).toBe(of(same, "maps-0")[0]);
    expect(other).not.toEqual(same);
  });
});

describe("intervals on queues whose truth is known", () => {
  test("95 % intervals of mean and p90 wait at load 0.7 cover the truth as often as they say, within three standard errors of 150 trials", () => {
    let means = 0;
    let p90s = 0;
    for (let trial = 0; trial < 150; trial++) {
      const runs = Array.from({ length: 10 }, (_, i) => queueRun(mm1, `test-${trial}-${i}`, 5_000, 1_000));
      const mean = meanInterval(
        runs.map((one) => one.mean),
        0.95,
      );
      const p90 = logInterval(
        runs.map((one) => one.p90),
        0.95,
      );
      if (mean.low <= meanWait(mm1) && meanWait(mm1) <= mean.high) means++;
      if (p90.low <= p90OfMm1 && p90OfMm1 <= p90.high) p90s++;
    }
    const tolerance = 3 * Math.sqrt((0.95 * 0.05) / 150);
    expect(Math.abs(means / 150 - 0.95)).toBeLessThan(tolerance);
    expect(Math.abs(p90s / 150 - 0.95)).toBeLessThan(tolerance + 0.01);
  });
});
