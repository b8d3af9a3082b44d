import { expect, test } from "vitest";
import { Histogram } from "./histogram.ts";
import {
  addCount,
  addSamples,
  countWhere,
  emptyMetrics,
  mergeMetrics,
  metricKey,
  parseMetricKey,
  samplesWhere,
  sorted,
  tagValues,
} from "./metrics.ts";

function samples(...values: number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

test("a key has its tags sorted, and reads back", () => {
  expect(metricKey("mmap_sem.hold", { role: "vcpu", mm: "qemu" })).toBe("mmap_sem.hold{mm=qemu,role=vcpu}");
  expect(metricKey("apf.ready")).toBe("apf.ready");
  expect(parseMetricKey("apf.ready")).toEqual({ name: "apf.ready", tags: {} });
  const bug = { assertion: "BUG_ON(a, b)", site: "" };
  expect(parseMetricKey(metricKey("bug", bug))).toEqual({ name: "bug", tags: bug });
  expect(() => parseMetricKey("hold{W}")).toThrow('a metric is name{tag=value,…}, got "hold{W}"');
});

test("metrics merge by key, and the parts stay as they were", () => {
  const a = emptyMetrics();
  const b = emptyMetrics();
  addSamples(a, "hold", samples(1));
  addSamples(b, "hold", samples(5));
  addSamples(b, "wait", null);
  addCount(a, "n", 2);
  addCount(b, "n", 3);
  const merged = mergeMetrics([a, b]);
  expect(sorted(merged.histograms).map(([key, { count, sum }]) => [key, count, sum])).toEqual([
    ["hold", 2, 6],
    ["wait", 0, 0],
  ]);
  expect(merged.counts.get("n")).toBe(5);
  expect(a.histograms.get("hold")?.count).toBe(1);
});

test("any subset is merged from the full keys, so that nothing counts twice", () => {
  const metrics = emptyMetrics();
  addSamples(metrics, "hold{mode=R}", samples(1, 2, 3));
  addSamples(metrics, "hold{mode=R,site=x}", samples(1, 2));
  addSamples(metrics, "hold{mode=R,site=y}", samples(3));
  addSamples(metrics, "hold_io{mode=R,site=x}", samples(9));
  addCount(metrics, "n{mode=R,site=x}", 4);
  addCount(metrics, "n{mode=R}", 4);
  expect(samplesWhere(metrics, "hold", { mode: "R" }).count).toBe(3);
  expect(samplesWhere(metrics, "hold", { site: "y" }).sum).toBe(3);
  expect(samplesWhere(metrics, "hold", { site: "z" }).count).toBe(0);
  expect(countWhere(metrics, "n", {})).toBe(4);
  expect(tagValues(metrics, "hold", "site", {})).toEqual(["x", "y"]);
});
