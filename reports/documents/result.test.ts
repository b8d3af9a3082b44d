import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { plainStory, smallOutcome } from "../../test/support/small-outcome.ts";
import { smallScenario } from "../../test/support/small-scenario.ts";
import { sorted } from "../../sim/measure/metrics/metrics.ts";
import { type DurationMetric, outcomeOfResult, resultDocument } from "./result.ts";

const context = {
  version: { version: "0.1.0" },
  scenario: smallScenario({}),
  scenario_hash: "abc",
  complete: true,
  warnings: [],
  reproduce: "gupsim run small",
  budgets: [],
};
const document = resultDocument(context, smallOutcome("plain", plainStory));

test("a result's keys are in the documented order and its metrics sorted", () => {
  expect(Object.keys(document)).toEqual([
    "schema",
    "complete",
    "ending",
    "findings",
    "version",
    "scenario",
    "scenario_hash",
    "variant",
    "preset",
    "axes",
    "seeds",
    "warm_up_ns",
    "precision",
    "simulated_ns",
    "events",
    "warnings",
    "reproduce",
    "budgets",
    "metrics",
    "convoys",
    "longest_wait",
    "by_seed",
  ]);
  expect(Object.keys(document.metrics)).toEqual(Object.keys(document.metrics).sort());
});

test("the same outcome gives the same bytes", () => {
  const again = resultDocument(context, smallOutcome("plain", plainStory));
  expect(JSON.stringify(again)).toBe(JSON.stringify(document));
});

test("a distribution carries its whole histogram, an empty one none", () => {
  const wait = document.metrics["mmap_sem.wait{mode=R}"] as DurationMetric;
  expect(wait.p99_9).toBe(7_990_000);
  const decoded = decodeFromCompressedBase64(wait.hdr ?? "");
  expect([decoded.totalCount, Math.round(decoded.getValueAtPercentile(99) / 10_000)]).toEqual([2, 799]);
  expect((document.metrics["mmap_sem.hold_io{mode=W}"] as DurationMetric).hdr).toBeNull();
});

test("the outcome of a saved result is the outcome it was made of, to the bucket", () => {
  const outcome = smallOutcome("plain", plainStory);
  const again = outcomeOfResult(JSON.parse(JSON.stringify(document)));
  expect({ ...again, metrics: null }).toEqual({ ...outcome, metrics: null });
  expect([...again.metrics.histograms.keys()].sort()).toEqual([...outcome.metrics.histograms.keys()].sort());
  for (const [key, histogram] of outcome.metrics.histograms) {
    expect(again.metrics.histograms.get(key)?.equals(histogram), key).toBe(true);
  }
  expect(sorted(again.metrics.totals)).toEqual(sorted(outcome.metrics.totals));
  expect(sorted(again.metrics.counts)).toEqual(sorted(outcome.metrics.counts));
  expect(JSON.stringify(resultDocument(context, again))).toBe(JSON.stringify(document));
});
