import { describe, expect, test } from "vitest";
import { regressionOf } from "../bench/gate.ts";
import { meanWait, mm1, p90OfMm1, queueRun } from "../bench/queue.ts";
import { logInterval, meanInterval } from "../sim/study/statistics.ts";

describe("the gate", () => {
  test("catches one site that is 5 % slower with ten seeds, in 8 of 8 trials, and names no other", () => {
    for (let trial = 0; trial < 8; trial++) expect(regressionOf("slower", trial)).toEqual(["show_pid_smap"]);
  });

  test.each(["one task re-seeded", "other seeds"] as const)(
    "does not cry wolf with %s: at most 1 of 12 trials",
    (change) => {
      const alarms = Array.from({ length: 12 }, (_, trial) => regressionOf(change, trial)).filter(
        (sites) => sites.length > 0,
      );
      expect(alarms.length).toBeLessThanOrEqual(1);
    },
  );
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
