/** Plans without a simulation: each cell is given a made-up replication that depends on its variant and seed alone. */
import type { WarmUpPilot } from "../warm-up.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { smallScenario } from "../../../test/support/small-scenario.ts";
import { parseVariant } from "../../kernels/variant.ts";
import { Histogram } from "../../measure/metrics/histogram.ts";
import { emptyMetrics } from "../../measure/metrics/metrics.ts";
import { meanBudget } from "../regression.ts";
import type { Replication } from "../replication.ts";
import { meanInterval } from "../statistics.ts";
import { valuesOf } from "../observed.ts";
import { type Cell, cellId } from "./cell.ts";
import { Gathering } from "./gathering.ts";
import { points } from "./grid.ts";
import type { Plan } from "./plan.ts";
import { outcomesOf, type Sampling, sample } from "./sample.ts";
import { warmUp } from "./warm-up.ts";

const scenario = smallScenario({});
const variants = ["plain", "unlocked"].map(parseVariant);
const seeds = ["1", "2", "3", "4"];
const sampling: Sampling = { scenario, variants, seeds, from_ns: 0, precision: null, budgets: [] };

/** Waits of readers around 1 us: the further the seeds go on, the surer is the mean. */
function madeUp({ variant, seed, from_ns }: Cell): Replication {
  const wait = new Histogram();
  const n = Number(seed);
  for (let i = 1; i <= 5; i++) wait.record(1000 + ((n * 7919 + i * 104_729) % 100) + variant.name.length);
  const metrics = emptyMetrics();
  for (const name of ["wait", "hold"]) metrics.histograms.set(`mmap_sem.${name}{mode=R}`, wait);
  const longest_wait = { mode: "R", task: "reader", from: 10 * n, to: 10 * n + (n % 2), mm: "qemu", site: "s" };
  return {
    variant: variant.name,
    preset: variant.preset,
    axes: variant.axes,
    seed,
    ending: n % 3 === 0 ? "deadlock" : "duration",
    findings: [`seed ${seed}`],
    warm_up_ns: from_ns,
    simulated_ns: 1000,
    events: n,
    convoys: [],
    longest_wait: longest_wait as unknown as Replication["longest_wait"],
    metrics,
  };
}

interface CarriedOut<Answer> {
  readonly answer: Answer;
  /** Every cell that was run. */
  readonly ran: readonly Cell[];
  /** Groups in the order in which they were told. */
  readonly told: readonly number[];
}

/** Carries out a plan, the cells of each batch in the order that `orderOf` gives; stops after `limit` cells, as a signal would. */
function carriedOut<Answer>(
  plan: Plan<Answer>,
  orderOf: (n: number) => readonly number[] = (n) => Array.from({ length: n }, (_, i) => i),
  limit = Number.POSITIVE_INFINITY,
  resultOf: (cell: Cell) => unknown = madeUp,
): CarriedOut<Answer> {
  const ran: Cell[] = [];
  const told: number[] = [];
  let step = plan.next();
  while (step.done !== true) {
    const gathering = new Gathering(step.value, (_value, group) => told.push(group));
    for (const i of orderOf(gathering.wanted.length)) {
      const wanted = gathering.wanted[i];
      if (wanted === undefined || ran.length >= limit) continue;
      ran.push(wanted.cell);
      gathering.add(wanted, resultOf(wanted.cell));
    }
    step = plan.next(gathering.values);
  }
  return { answer: step.value, ran, told };
}

/** An order of n things, made of random numbers. */
function shuffled(numbers: readonly number[]): (n: number) => readonly number[] {
  return (n) => {
    const key = (i: number): number => numbers[i % numbers.length] as number;
    return Array.from({ length: n }, (_, i) => i).sort((a, b) => key(a) - key(b) || b - a);
  };
}

const orders = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 50 }).map(shuffled);

describe("whatever the order in which cells are finished", () => {
  test("the outcomes of a sample are the same", () => {
    const outcomes = (orderOf?: (n: number) => readonly number[]) =>
      outcomesOf(sampling, carriedOut(sample(sampling), orderOf).answer);
    const inOrder = outcomes();
    expect(inOrder[0].metrics.histograms.get("mmap_sem.wait{mode=R}")?.count).toBe(20);
    fc.assert(
      fc.property(orders, (orderOf) => {
        expect(outcomes(orderOf)).toEqual(inOrder);
      }),
    );
  });

  test("the number of seeds that a precision needs is the same", () => {
    const precise = { ...sampling, precision: 0.006 };
    const seedsOf = (orderOf?: (n: number) => readonly number[]) =>
      carriedOut(sample(precise), orderOf).answer.replications.map((of) => of.map(({ seed }) => seed));
    const inOrder = seedsOf();
    expect(inOrder[0]?.length).toBeGreaterThan(10);
    fc.assert(
      fc.property(orders, (orderOf) => {
        expect(seedsOf(orderOf)).toEqual(inOrder);
      }),
      { numRuns: 20 },
    );
  });

  test("what each point of a grid comes to is told once, in the order of the points", () => {
    const list = [1, 2, 3].flatMap((ns) =>
      variants.map((variant) => ({ scenario: { ...scenario, duration_ns: ns }, variant })),
    );
    fc.assert(
      fc.property(orders, (orderOf) => {
        const { answer, told } = carriedOut(
          points(list, seeds, ({ seeds: of, variant }, i) => [i, variant, of]),
          orderOf,
        );
        expect(told).toEqual([0, 1, 2, 3, 4, 5]);
        expect(answer.map((one) => one?.made)).toEqual(list.map(({ variant }, i) => [i, variant.name, seeds]));
      }),
    );
  });
});

test("after an interruption every variant has the same seeds, those before the first that is missing, and the sample says so", () => {
  for (const limit of [0, 1, 2, 5, 7]) {
    const { replications, complete } = carriedOut(sample(sampling), undefined, limit).answer;
    const kept = seeds.slice(0, Math.floor(limit / 2));
    expect([complete, replications.map((of) => of.map(({ seed }) => seed))]).toEqual([false, [kept, kept]]);
  }
});

test("a precision takes the smallest number of seeds that is enough, counted from the first, and runs none of them twice", () => {
  const { answer, ran } = carriedOut(sample({ ...sampling, seeds: ["1", "2"], precision: 0.5 }));
  expect(answer.precision).toEqual({
    half_width: 0.5,
    reached: true,
    reason: null,
    of: ["mmap_sem.wait{mode=R} mean", "mmap_sem.hold{mode=R} mean"],
  });
  expect(answer.replications.map(({ length }) => length)).toEqual([2, 2]);
  expect(ran).toHaveLength(4);

  const [enough = []] = carriedOut(sample({ ...sampling, seeds: ["1", "2"], precision: 0.005 })).answer.replications;
  const widths = enough.map((_, i) => {
    const values = [...valuesOf(meanBudget("mmap_sem.wait", { mode: "R" }), enough.slice(0, i + 1)).values()].map(
      (value) => value?.low ?? 0,
    );
    const { point, low, high } = meanInterval(values, 0.95);
    return (high - low) / 2 / point;
  });
  expect(widths.findIndex((width, i) => i > 0 && width <= 0.005)).toBe(enough.length - 1);
  // Not at the end of a batch.
  expect(enough.length % 10).not.toBe(2);

  const never = carriedOut(sample({ ...sampling, seeds: ["1", "2"], precision: 1e-9 }));
  expect([never.answer.precision?.reached, never.answer.replications[0]?.length]).toEqual([false, 12]);
  expect(never.answer.precision?.reason).toMatch(/wait\{mode=R\} mean varies too much from seed to seed/);
  expect(new Set(never.ran.map((cell) => cellId(cell, ""))).size).toBe(never.ran.length);
});

describe("the warm-up", () => {
  const steady = { ...scenario, kind: "steady" as const };
  const pilot = (cut_ns: number, rising: WarmUpPilot["rising"] = []): WarmUpPilot => ({
    cut_ns,
    rising,
    falling: [{ end: scenario.duration_ns, held: 5 }],
  });
  const cuts = (cell: Cell): unknown => pilot(Number(cell.seed) * (cell.variant === variants[0] ? 10 : 7));
  const found = (result: WarmUpPilot): unknown =>
    carriedOut(warmUp(null, steady, variants, seeds), undefined, undefined, () => result).answer;

  test("is the longest cut of the first three seeds of all variants", () => {
    const { answer, ran } = carriedOut(warmUp(null, steady, variants, seeds), undefined, undefined, cuts);
    expect([answer, ran.length]).toEqual([{ from_ns: 30, refused: null }, 6]);
  });

  test("is refused where it is more than half of the run, and where it loses a hold longer than any that stays", () => {
    expect(found(pilot(scenario.duration_ns / 2 + 1))).toEqual({
      from_ns: 0,
      refused: "no warm-up is left out: the one found is more than half of the run",
    });
    expect(found(pilot(10, [{ end: 9, held: 6 }]))).toEqual({
      from_ns: 0,
      refused: "no warm-up is left out: the one found would lose a hold longer than any that stays",
    });
    // A hold that goes on at the cut stays, whole; one as long as those that stay is no loss.
    expect(found(pilot(10, [{ end: 10, held: 6 }]))).toEqual({ from_ns: 10, refused: null });
    expect(found(pilot(10, [{ end: 9, held: 5 }]))).toEqual({ from_ns: 10, refused: null });
  });

  test("costs no run where it was given, and where a scenario terminates", () => {
    const given = { answer: { from_ns: 5, refused: null }, ran: [], told: [] };
    expect(carriedOut(warmUp(5, steady, variants, seeds))).toEqual(given);
    const terminating = carriedOut(warmUp(null, { ...steady, kind: "terminating" }, variants, seeds));
    expect(terminating.answer).toEqual({ from_ns: 0, refused: null });
  });

  test("is not known after an interruption", () => {
    expect(carriedOut(warmUp(null, steady, variants, seeds), undefined, 4, cuts).answer).toBeNull();
  });
});

test("a cell's id changes with everything that its result depends on, and with nothing else", () => {
  const [variant, other] = variants as [(typeof variants)[number], (typeof variants)[number]];
  const cell: Cell = { measure: "replication", scenario, variant, seed: "1", from_ns: 0 };
  const ids = [
    cellId(cell, "engine"),
    cellId(cell, "other engine"),
    cellId({ ...cell, measure: "hold-ends" }, "engine"),
    cellId({ ...cell, scenario: { ...scenario, duration_ns: 1 } }, "engine"),
    cellId({ ...cell, variant: other }, "engine"),
    cellId({ ...cell, variant: { ...variant, axes: other.axes } }, "engine"),
    cellId({ ...cell, seed: "2" }, "engine"),
    cellId({ ...cell, from_ns: 1 }, "engine"),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(cellId({ ...cell, scenario: structuredClone(scenario) }, "engine")).toBe(ids[0]);
});
