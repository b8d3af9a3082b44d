import { describe, expect, test } from "vitest";
import { type Bounds, exactly } from "./bounds.ts";
import type { Budget } from "./budget.ts";
import type { Observed, Values } from "./observed.ts";
import { heedWarmUp, judge, type Verdict } from "./verdict.ts";

const today = "2026-11-24";

function budget(parts: Partial<Budget> = {}): Budget {
  return {
    metric: "op.latency",
    name: "op.latency",
    tags: {},
    aggregate: { kind: "mean" },
    assert: "mean <= 100",
    op: "<=",
    limit: { kind: "absolute", value: 100 },
    level: "error",
    confidence: 0.95,
    minEffect: 0.05,
    waiver: null,
    where: "check.yaml:1:1",
    ...parts,
  };
}

const seeds = (bounds: readonly (Bounds | null)[]): Values => new Map(bounds.map((one, i) => [String(i), one]));

/** What replications gave, the same for every budget. */
function observed(bounds: readonly (Bounds | null)[], samples = 1e6, open = 0): Observed {
  return { values: () => seeds(bounds), samples: () => samples, open: () => open };
}

/** `n` replications, half one above `mean` and half one below: with ten the standard error is a third. */
const around = (mean: number, n = 10): Bounds[] =>
  Array.from({ length: n }, (_, i) => exactly(mean + (i % 2 === 0 ? 1 : -1)));

const one = (values: readonly (Bounds | null)[], parts: Partial<Budget> = {}, samples = 1e6, open = 0): Verdict =>
  judge([budget(parts)], observed(values, samples, open), null, today)[0] as Verdict;

/** Against a baseline of the same seeds. */
const against = (before: readonly number[], now: readonly number[], parts: Partial<Budget> = {}): Verdict =>
  judge(
    [budget({ limit: { kind: "baseline", factor: 1 }, ...parts })],
    observed(now.map(exactly)),
    () => seeds(before.map(exactly)),
    today,
  )[0] as Verdict;

// Student's t of nine degrees of freedom: 2.262 is the 2.5 % that a verdict of 95 % leaves on each side, 1.833 is 5 %.
const t = (times: number): Bounds[] => around(100 + times / 3);

describe("a verdict of 95 %", () => {
  test.each([
    ["<=", 2.3, "fail"],
    ["<=", 2.2, "inconclusive"],
    ["<=", -2.2, "inconclusive"],
    ["<=", -2.3, "pass"],
    ["<", 2.3, "fail"],
    ["<", -2.3, "pass"],
    [">=", 2.3, "pass"],
    [">=", 2.2, "inconclusive"],
    [">=", -2.2, "inconclusive"],
    [">=", -2.3, "fail"],
    [">", 2.3, "pass"],
    [">", -2.3, "fail"],
  ] as const)("of %s, with a mean %d standard errors above the limit, is %s", (op, times, status) => {
    expect(one(t(times), { op }).status).toBe(status);
  });

  test("rests on ten replications, and nine are too few however clear they are", () => {
    expect(one(around(50, 10)).status).toBe("pass");
    expect(one(around(50, 9))).toMatchObject({
      status: "inconclusive",
      reason: "9 replications, a verdict needs 10",
      interval: { n: 9 },
    });
  });

  test("of a percentile rests on ten samples beyond it", () => {
    const p99 = { aggregate: { kind: "percentile", p: 99 } } as const;
    expect(one(around(50), p99, 1000).status).toBe("pass");
    expect(one(around(50), p99, 999)).toMatchObject({
      status: "inconclusive",
      reason: "p99 needs 1000 samples, there are 999: run longer or with more seeds",
      interval: null,
    });
  });

  test("of values that are all the same needs no more of them", () => {
    expect(one([exactly(100), exactly(100)]).status).toBe("pass");
    expect(one([exactly(101), exactly(101)])).toMatchObject({ status: "fail", exceeded: 1 });
    expect(one([exactly(100), exactly(100)], { op: "<" }).status).toBe("fail");
  });

  test("of nothing is none", () => {
    expect(one([null, null])).toMatchObject({ status: "inconclusive", reason: "the metric has no samples", p: null });
    expect(against([], [1])).toMatchObject({
      status: "inconclusive",
      reason: "no seed has a value here and in the baseline",
    });
  });

  test("says how far the limit is exceeded, and nothing when it is not", () => {
    expect(one(around(107)).exceeded).toBe(7);
    expect(one(around(93)).exceeded).toBeNull();
    expect(one(around(93), { op: ">=" }).exceeded).toBe(7);
  });
});

describe("what would decide it", () => {
  test("is the number of replications at which the interval's half width is the distance to the limit", () => {
    // Half of the interval is 2.262 / 3 = 0.754: for a distance of 0.5 ten replications times (0.754 / 0.5)^2.
    expect(one(around(100.5)).reason).toBe("the limit lies inside the interval; about 24 replications would decide it");
    expect(one(around(99.5)).reason).toBe("the limit lies inside the interval; about 24 replications would decide it");
  });

  test("is no number worth naming where the mean is on the limit, or all but on it", () => {
    expect(one(around(100)).reason).toBe("the limit lies inside the interval");
    expect(one(around(100.001)).reason).toBe(
      "the limit lies inside the interval; no number of replications is likely to decide it",
    );
  });

  test("is told on the scale of the logarithms, for a maximum", () => {
    const values = [80, 125, 80, 125, 80, 125, 80, 125, 80, 125].map(exactly);
    // Their geometric mean is 100, and so the limit of 95 is nearer than that of the arithmetic mean, 102.5.
    expect(one(values, { aggregate: { kind: "max" }, limit: { kind: "absolute", value: 95 } }).reason).toBe(
      "the limit lies inside the interval; about 109 replications would decide it",
    );
  });
});

describe("several budgets in one check", () => {
  const clear = { op: ">=", limit: { kind: "absolute", value: 0 } } as const;
  const two = (second: Partial<Budget>): string[] =>
    judge([budget(), budget(second)], observed(t(2.3)), null, today).map(({ status }) => status);

  test("need more evidence to fail than one alone", () => {
    expect(two(clear)).toEqual(["inconclusive", "pass"]);
  });

  test("do not count one that is switched off, nor one without values", () => {
    expect(two({ ...clear, level: "off" })).toEqual(["fail", "off"]);
    const p99 = { aggregate: { kind: "percentile", p: 99.99999 } } as const;
    expect(two({ ...clear, ...p99 })).toEqual(["fail", "inconclusive"]);
  });
});

describe("a budget that is excused", () => {
  const until = (day: string): Verdict => one(t(5), { waiver: { until: day, reason: "known" } });

  test("does not fail up to the end of its day, and fails on the day after", () => {
    expect(until("2026-11-24")).toMatchObject({ status: "waived", reason: "waived until 2026-11-24: known" });
    expect(until("2026-11-23").status).toBe("fail");
  });

  test("passes as any other when there is nothing to excuse", () => {
    expect(one(t(-5), { waiver: { until: "2026-12-31", reason: "known" } }).status).toBe("pass");
  });

  test("switched off says nothing, whatever was seen", () => {
    expect(one(t(5), { level: "off" })).toMatchObject({ status: "off", reason: null });
  });
});

describe("against the baseline itself", () => {
  const before = Array.from({ length: 10 }, () => 1000);
  /** Ten values about `mean` that differ by hardly anything. */
  const now = (mean: number): number[] => before.map((_, i) => mean + (i % 2 === 0 ? 0.1 : -0.1));

  test.each([
    ["<=", 1051, "fail"],
    ["<=", 1049, "pass"],
    ["<=", 900, "pass"],
    ["<", 1051, "fail"],
    ["<", 1049, "pass"],
    [">=", 949, "fail"],
    [">=", 951, "pass"],
    [">=", 1100, "pass"],
  ] as const)(
    "a change of 5 %% is the smallest that matters: %s with 1000 before and %d now is %s",
    (op, mean, status) => {
      expect(against(before, now(mean), { op }).status).toBe(status);
    },
  );

  test("an interval that reaches beyond the smallest change that matters decides nothing", () => {
    // The mean is 4 % more, the interval goes to 7 %.
    const wide = before.map((_, i) => (i % 2 === 0 ? 1084 : 1000));
    expect(against(before, wide).status).toBe("inconclusive");
    expect(against(before, wide, { op: "<" }).status).toBe("inconclusive");
    const less = before.map((_, i) => (i % 2 === 0 ? 920 : 1000));
    expect(against(before, less, { op: ">=" }).status).toBe("inconclusive");
  });

  test("with another factor the smallest change plays no part", () => {
    const factor = { limit: { kind: "baseline", factor: 1.1 } } as const;
    expect(against(before, now(1101), factor).status).toBe("fail");
    expect(against(before, now(1099), factor).status).toBe("pass");
    // 3 % more fails a limit of 2 % more, and what lies about the limit passes none, though both are less than 5 %.
    const near = { limit: { kind: "baseline", factor: 1.02 } } as const;
    expect(against(before, now(1030), near).status).toBe("fail");
    const about = before.map((_, i) => (i % 2 === 0 ? 1040 : 1000));
    expect(against(before, about, near).status).toBe("inconclusive");
  });

  test("an absolute limit has no smallest change", () => {
    expect(one(around(101, 1000)).status).toBe("fail");
    expect(one(around(99, 1000)).status).toBe("pass");
  });

  test("the same run again is no change", () => {
    expect(against(before, before)).toMatchObject({ status: "pass", interval: { point: 1, low: 1, high: 1 } });
  });

  test("nine pairs are too few", () => {
    expect(against(before.slice(1), now(500).slice(1)).reason).toBe("9 pairs of replications, a verdict needs 10");
  });

  test("without a baseline there is no verdict", () => {
    const parts = { limit: { kind: "baseline", factor: 1 } } as const;
    expect(one(around(10), parts).reason).toBe("there is no baseline for it");
  });
});

describe("samples that have not ended", () => {
  const growing = (mean: number, high: number): Bounds[] => around(mean).map(({ low }) => ({ low, high }));

  test("keep a budget from passing that they could break yet", () => {
    expect(one(growing(50, Number.POSITIVE_INFINITY), {}, 1e6, 3)).toMatchObject({
      status: "inconclusive",
      reason: "3 operations had not ended: with them it could be beyond the limit",
      isAtLeast: true,
    });
    expect(one(growing(50, 200), {}, 1e6, 1).reason).toBe(
      "1 operation had not ended: with them it could be beyond the limit",
    );
  });

  test("let it pass that they cannot break any more, and fail that is broken already", () => {
    expect(one(growing(50, 60)).status).toBe("pass");
    expect(one(growing(150, Number.POSITIVE_INFINITY)).status).toBe("fail");
  });

  test("are not named where the values as they stand decide nothing either", () => {
    expect(one(growing(100.5, 200)).reason).toContain("the limit lies inside the interval");
  });
});

describe("a run that warms up", () => {
  const verdicts = [one(around(50)), one(around(50), { level: "off" })];

  test("for half of its time has verdicts, for longer none", () => {
    expect(heedWarmUp(verdicts, 50, 100, null)).toEqual(verdicts);
    const [first, off] = heedWarmUp(verdicts, 51, 100, null);
    expect(first).toMatchObject({
      status: "inconclusive",
      reason: "the warm-up is more than half of the run: run longer, or give --warmup",
    });
    expect(off).toEqual(verdicts[1]);
  });

  test("and could not say for how long, has none, and why", () => {
    expect(heedWarmUp(verdicts, 0, 100, "too short")[0]?.reason).toBe("too short: run longer, or give --warmup");
  });
});
