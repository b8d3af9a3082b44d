import { describe, expect, test } from "vitest";
import { plainStory, smallOutcome, unlockedStory } from "../../test/support/small-outcome.ts";
import { smallScenario, testCosts } from "../../test/support/small-scenario.ts";
import { emptyMetrics } from "../../sim/measure/metrics/metrics.ts";
import { compareDocument, differences, locksAgree } from "./compare.ts";
import { sideOf } from "./side.ts";
import { renderCompare } from "../text/compare-text.ts";

const scenario = smallScenario({}, { name: "kvm-swap", question: "Do /proc readers stall?", duration_ns: 10_000_000 });
const plain = smallOutcome("plain", plainStory);
const unlocked = smallOutcome("unlocked", unlockedStory);

test("the document has every metric of every variant, and the paired differences against the first", () => {
  const document = compareDocument(scenario, [plain, unlocked]);
  expect(Object.keys(document)).toEqual([
    "schema",
    "complete",
    "seeds_asked",
    "scenario",
    "seeds",
    "warm_up_ns",
    "precision",
    "variants",
    "differences",
    "rules",
  ]);
  expect(document.variants.map(({ variant, ending }) => [variant, ending])).toEqual([
    ["plain", "duration"],
    ["unlocked", "duration"],
  ]);
  const metrics = document.variants[0]?.metrics ?? {};
  expect(Object.keys(metrics)).toEqual(Object.keys(metrics).sort());
  expect(metrics["mmap_sem.hold{mode=W}"]).toEqual({
    unit: "ns",
    count: 1,
    min: 2000,
    max: 2000,
    sum: 2000,
    mean: 2000,
    p50: 2000,
    p90: 2000,
    p99: 2000,
    p99_9: 2000,
  });
  expect(metrics["mmap_sem.contentions{mode=R}"]).toEqual({ unit: "1", count: 1 });
  const waited = document.differences.find(
    ({ metric, stat }) => metric === "op.latency{role=proc_reader}" && stat === "max",
  );
  expect(waited).toEqual({
    variant: "unlocked",
    metric: "op.latency{role=proc_reader}",
    stat: "max",
    effect: "shorter",
    reference: 8_000_000,
    candidate: 10_000,
    diff: -7_990_000,
    ratio: expect.closeTo(0.00125, 12),
    n: 2,
    interval: expect.objectContaining({ low: expect.closeTo(0.00125, 12), method: "identical" }),
    diff_interval: null,
    variance_reduction: null,
    why: null,
  });
});

test("an empty distribution has no statistics, and no difference to one that is not", () => {
  const metrics = compareDocument(scenario, [unlocked]).variants[0]?.metrics;
  expect(metrics?.["mmap_sem.hold_io{mode=R}"]).toEqual({
    unit: "ns",
    count: 0,
    min: null,
    max: null,
    sum: 0,
    mean: null,
    p50: null,
    p90: null,
    p99: null,
    p99_9: null,
  });
  const io = differences(sideOf(plain), sideOf(unlocked)).filter(({ metric }) => metric === "mmap_sem.hold_io{mode=R}");
  expect(
    io.map(({ stat, effect, reference, candidate, ratio }) => [stat, effect, reference, candidate, ratio]),
  ).toEqual([
    ["mean", "gone", 8_000_000, null, null],
    ["p50", "gone", expect.closeTo(8_000_000, 3), null, null],
    ["p99", "unknown", expect.closeTo(8_000_000, 3), null, null],
    ["max", "gone", expect.closeTo(8_000_000, 3), null, null],
  ]);
});

describe("two variants agree", () => {
  test("when all holds and waits do, whatever else they count", () => {
    expect(locksAgree(plain, smallOutcome("other", `${plainStory}\n 9000000 kworker gup_retry value=1`))).toBe(true);
  });

  test("not when one hold is 1 ns longer", () => {
    expect(locksAgree(plain, smallOutcome("other", plainStory.replaceAll("8030000", "8030001")))).toBe(false);
  });
});

test("the text at 80 columns: head, each variant, then what changes", async () => {
  const costs = { ...testCosts(), down_read: { value_ns: 12, provenance: "measured", origin: "a test" } as const };
  const text = renderCompare({ ...scenario, costs_name: "server-2014", costs }, [plain, unlocked], 80);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  const guesses = /costs server-2014, guessed: [^=]*/.exec(text)?.[0] ?? "";
  expect(guesses).toContain("up_read, down_write");
  expect(guesses).not.toContain("down_read");
  await expect(text.replace(guesses, "costs …\n\n")).toMatchFileSnapshot("../../test/golden/compare-80.txt");
});

test("variants whose locks behave alike are called identical", () => {
  const text = renderCompare(scenario, [plain, { ...plain, variant: "rfc" }], 100);
  expect(text.slice(text.indexOf("== plain -> rfc"))).toBe(`== plain -> rfc ${"=".repeat(84)}
identical: all acquisitions, hold times and wait times agree to the ns

values and factors are geometric means over 2 seeds, paired; [ ] the 95 % interval of the factor, or
  of the difference where a seed has 0; 13 p99 of fewer than 1,000 samples are left out; 39 of 52
  statistics are the same in every seed
`);
});

describe("a run that was stopped", () => {
  const finding = "seed 1: at 8012000 ns: deadlock: kworker waits for mm_writer";
  const stuck = { ...plain, variant: "rfc", ending: "deadlock" as const, findings: [finding] };
  const nobody = { ...unlocked, variant: "rfc", ending: "deadlock" as const, findings: [finding] };

  test("is headlined by its ending, never by nobody having waited", () => {
    const [first = ""] = renderCompare(scenario, [nobody, plain], 200).split("\n");
    expect(first).toBe(`rfc: ended by deadlock: ${finding}`);
  });

  test("is not compared by ratio, neither with one that was not nor with one that ended alike", () => {
    for (const [a, b] of [[plain, stuck] as const, [stuck, { ...stuck, variant: "also" }] as const]) {
      const all = differences(sideOf(a), sideOf(b));
      expect(new Set(all.map(({ effect, ratio, interval }) => `${effect} ${ratio} ${interval}`))).toEqual(
        new Set(["not-compared null null"]),
      );
      expect(all[0]?.why).toMatch(/ended by/);
      const text = renderCompare(scenario, [a, b], 100);
      expect(text).toContain("not compared by ratio: ");
      expect(text).not.toMatch(/[÷×] \d/);
    }
  });
});

describe("an interrupted comparison", () => {
  const study = { complete: false, seedsAsked: 20, resumes: true };

  test("says so in its first line, with how many pairs there are, and that the same command resumes", () => {
    const [first] = renderCompare(scenario, [plain, unlocked], 100, study).split("\n");
    expect(first).toBe("interrupted: 2 of 20 pairs; the same command resumes");
  });

  test("of no pair compares nothing, and calls nothing identical", () => {
    const none = (outcome: typeof plain) => ({ ...outcome, seeds: [], by_seed: [], metrics: emptyMetrics() });
    const text = renderCompare(scenario, [none(plain), none(unlocked)], 100, study);
    expect(text).toBe("interrupted: 0 of 20 pairs; the same command resumes\nkvm-swap: nothing to compare yet\n");
    expect(locksAgree(none(plain), none(unlocked))).toBe(false);
    expect(differences(sideOf(none(plain)), sideOf(none(unlocked)))).toEqual([]);
  });
});
