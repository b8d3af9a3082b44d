import { describe, expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { runScenario } from "../../sim/run.ts";
import { Races } from "../support/races.ts";

/** Of 955 races of the recording E6_holders4x5ms_w1 (Linux 6.18.38, 2 CPUs), classified by the same listener. */
const measured = { sameCpu: 382 / 955, otherCpu: 104 / 955, steal: 442 / 955 };
/** Percentage points between the model and the recording. */
const near = 8;

describe("a lock that its last reader lets go while a writer waits, in the convoy of four holders", () => {
  const { scenario } = loadScenario("real-e6-holders");
  const races = new Races();
  for (const seed of ["1", "2", "3"]) runScenario(scenario, parseVariant("v6.18"), seed, [races]);
  const { sameCpu, otherCpu, steal, other } = races.split;
  const all = sameCpu + otherCpu + steal + other;
  const points = (model: number, real: number): number => Math.abs(model / all - real) * 100;

  test("is stolen by that reader about as often as on a real 6.18", () => {
    expect(all).toBeGreaterThan(2000);
    expect(points(steal, measured.steal)).toBeLessThan(near);
  });

  test("goes to a writer on its waker's CPU, which has preempted it, and to one on the other CPU", () => {
    expect(sameCpu / all).toBeGreaterThan(0.1);
    expect(otherCpu / all).toBeGreaterThan(0.1);
  });

  // 40 % of the races of the recording, and 15 % here: docs/MODEL.md. Why is not known.
  test.fails("goes to a writer on its waker's CPU as often as on a real 6.18", () => {
    expect(points(sameCpu, measured.sameCpu)).toBeLessThan(near);
  });
});
