import { describe, expect, test } from "vitest";
import { constant, smallScenario } from "../../test/support/small-scenario.ts";
import { Stream } from "../engine/random.ts";
import { parseVariant } from "../kernels/variant.ts";
import { loadPairs, pairsOf, stepMeans, type SweepRun, sweepOnce } from "./metastable.ts";

/** A run in which so many tasks wait in each step. */
const run = (seed: number, queues: readonly number[], loads = [1, 2, 4, 2, 1]): SweepRun => ({
  seed: String(seed),
  ending: "duration",
  findings: [],
  steps: queues.map((queue, i) => ({
    load: loads[i] as number,
    from_ns: 1000 * i + 500,
    to_ns: 1000 * (i + 1),
    operations: 10,
    acquisitions: { R: 5, W: 0 },
    waited_ns: { R: queue * 500, W: 0 },
  })),
});
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const verdicts = (runs: readonly SweepRun[]): string[] => loadPairs(runs).map(({ verdict }) => verdict);

describe("the two ways of a load", () => {
  test("meet at each load that is on both sides of the highest", () => {
    expect(pairsOf([1, 2, 4, 2, 1])).toEqual([
      { load: 1, up: 0, down: 4 },
      { load: 2, up: 1, down: 3 },
    ]);
    expect(pairsOf([1, 8, 4, 1])).toEqual([{ load: 1, up: 0, down: 3 }]);
    expect(pairsOf([1, 2, 4])).toEqual([]);
    expect(pairsOf([4, 2, 1])).toEqual([]);
  });

  test("differ where the queue stays in every seed, by as much as it says", () => {
    const runs = seeds.map((seed) => run(seed, [0, 1, 9, 6 + seed / 4, 0]));
    expect(verdicts(runs)).toEqual(["no sign", "metastable"]);
    const [, two] = loadPairs(runs);
    expect(two?.ratio.low).toBeGreaterThan(5);
    expect(two?.ratio.high).toBeLessThan(9);
  });

  test("agree, and nothing is claimed, where they differ by chance", () => {
    const runs = seeds.map((seed) => run(seed, [2, 3 + (seed % 3), 9, 3 + ((seed + 1) % 3), 2]));
    expect(verdicts(runs)).toEqual(["no sign", "no sign"]);
  });

  test("are not told apart by an effect of less than a fifth, however sure", () => {
    expect(verdicts(seeds.map((seed) => run(seed, [1, 2, 9, 2.3, 1])))).toEqual(["no sign", "no sign"]);
    expect(verdicts(seeds.map((seed) => run(seed, [1, 2, 9, 2.6, 1])))).toEqual(["no sign", "metastable"]);
  });

  test("are not told apart by a queue of hardly anybody", () => {
    expect(verdicts(seeds.map((seed) => run(seed, [0, 0, 9, 0.01, 0])))).toEqual(["no sign", "no sign"]);
  });

  test("that are better on the way down are no sign", () => {
    expect(verdicts(seeds.map((seed) => run(seed, [5, 5, 9, 1, 1])))).toEqual(["no sign", "no sign"]);
  });

  test("are not compared with one seed", () => {
    expect(verdicts([run(1, [0, 0, 9, 8, 7])])).toEqual(["one seed", "one seed"]);
  });

  test("are told apart in less than 5 of 100 sweeps where there is nothing", () => {
    let alarms = 0;
    const draws = new Stream("1", "sweep", "queue");
    const next = (): number => 1 + 4 * draws.uniform();
    for (let sweep = 0; sweep < 400; sweep++) {
      const runs = seeds.map((seed) => run(seed, [next(), next(), next(), next(), next()]));
      if (verdicts(runs).includes("metastable")) alarms++;
    }
    expect(alarms).toBeLessThan(20);
  });
});

test("the means are over the seeds, a second, and a lock", () => {
  const [first] = stepMeans([run(1, [2, 0, 0, 0, 0]), run(2, [4, 0, 0, 0, 0])]);
  expect(first).toEqual({
    load: 1,
    from_ns: 500,
    to_ns: 1000,
    operations: 2e7,
    queue: 3,
    reader_wait: 300,
    writer_wait: null,
  });
});

test("a run is measured step by step, the operations of the tasks under the load alone", () => {
  const reader = { role: "proc_reader", file: "maps", target: "mm", cycles: null, count: 2 } as const;
  const every = { kind: "every", law: constant(1_000_000) } as const;
  const scenario = smallScenario({
    pollers: { ...reader, schedule: { ...every, load: { steps: [1, 4, 1], each_ns: 30_000_000 } } },
    others: { ...reader, schedule: every },
  });
  const { ending, steps } = sweepOnce(scenario, parseVariant("unlocked"), "1");
  expect(ending).toBe("duration");
  expect(steps.map(({ operations }) => operations)).toEqual([30, 120, 30]);
  expect(steps.map(({ acquisitions }) => acquisitions.R)).toEqual([60, 150, 60]);
  expect(() =>
    sweepOnce(smallScenario({ others: { ...reader, schedule: every } }), parseVariant("plain"), "1"),
  ).toThrow("small has no load");
});
