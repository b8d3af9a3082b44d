import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { plainStory, smallOutcome } from "../test/small-outcome.ts";
import { smallScenario } from "../test/small-scenario.ts";
import { type DurationMetric, resultDocument } from "./result.ts";

const context = {
  version: { version: "0.1.0" },
  scenario: smallScenario({}),
  scenario_hash: "abc",
  complete: true,
  warnings: [],
};
const document = resultDocument(context, smallOutcome("plain", plainStory));

test("a result's keys are in the documented order and its metrics sorted", () => {
  expect(Object.keys(document)).toEqual([
    "schema",
    "version",
    "scenario",
    "scenario_hash",
    "variant",
    "preset",
    "axes",
    "seeds",
    "ending",
    "findings",
    "simulated_ns",
    "complete",
    "warnings",
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
