import fc from "fast-check";
import { expect, test } from "vitest";
import { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { linesOf, textsOf } from "../../test/support/chart-contents.ts";
import { budget, holds, pictureData } from "../../test/support/picture-data.ts";
import { tailChart, tailPoints } from "./tail.ts";

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const ns of values) histogram.record(ns);
  return histogram;
}

test("the tail is level between samples, drops at each, and ends with the largest", () => {
  expect(tailPoints(histogramOf([0, 100, 100, 2000]))).toEqual([
    { ns: 100, above: 3 },
    { ns: 100, above: 1 },
    { ns: 2000, above: 1 },
    { ns: 2000, above: 0 },
  ]);
  expect(tailPoints(new Histogram())).toEqual([]);
  expect(tailPoints(histogramOf([0, 0]))).toEqual([]);
});

test("property: each corner after a drop counts the samples that are longer, within a bucket of 0.1 %", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 300 }), (values) => {
      const points = tailPoints(histogramOf(values));
      for (const { ns, above } of points.filter((_, i) => i % 2 === 1)) {
        expect(above).toBe(values.filter((value) => value > ns).length);
      }
      expect(points.every(({ above }, i) => i === 0 || above <= (points[i - 1]?.above ?? 0))).toBe(true);
    }),
  );
});

test("the curve begins with the share above 0 at the left edge and falls to the axis at the largest sample", () => {
  const { data, options } = tailChart(pictureData(), "mmap_sem.wait");
  // Of two readers one waited, 7.99 ms.
  expect(data.datasets[0]?.data.map(({ x, y }) => [Number(x.toFixed(3)), y])).toEqual([
    [6, 50],
    [6.902, 50],
    [6.903, 0.1],
  ]);
  expect(options?.plugins?.subtitle?.text).toContain("-R: plain n = 2 (50.0 % at 0); unlocked n = 2 (100 % at 0)");
});

test("a budget on a percentile or a share is a corner, one on the maximum a line, one on the mean has no place", () => {
  const chart = tailChart(
    pictureData({ plain: holds(10_000, 20_000) }, [
      budget("mmap_sem.hold", { mode: "R" }, "share(> 100us) <= 0.1%", { kind: "share", above_ns: 100_000 }, 0.001),
      budget("mmap_sem.hold", { mode: "R" }, "p99 <= 10us", { kind: "percentile", p: 99 }, 10_000),
      budget("mmap_sem.hold", { mode: "R" }, "max <= 1ms", { kind: "max" }, 1_000_000),
      budget("mmap_sem.hold", { mode: "R" }, "mean <= 1ms", { kind: "mean" }, 1_000_000),
    ]),
    "mmap_sem.hold",
  );
  const top = /,\d{3,}/g;
  expect(linesOf(chart).map((line) => line.replace(top, ",top"))).toEqual([
    "yR 5,top 5,0.1",
    "yR 5,0.1 6,0.1",
    "yR 4,top 4,1",
    "yR 4,1 6,1",
    "yR 6,top 6,0.01",
  ]);
  expect(textsOf(chart)).toEqual([
    "yR: share(> 100us) <= 0.1%",
    "yR: p99 <= 10us",
    "yR: max <= 1ms",
    "yW: no writer took the lock",
  ]);
});

test("what has not ended is drawn at its age, and the caption says how many those are", () => {
  const data = pictureData();
  for (const { outcome } of data.variants) {
    const key = [...outcome.metrics.histograms.keys()].find(
      (one) => one.startsWith("mmap_sem.wait{") && one.includes("mode=R"),
    );
    outcome.metrics.open.set(key as string, histogramOf([50_000_000]));
  }
  expect(JSON.stringify(tailChart(data, "mmap_sem.wait").options?.plugins?.subtitle)).toMatch(
    /1 not ended: drawn at their age/,
  );
});
