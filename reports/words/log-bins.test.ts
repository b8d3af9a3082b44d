import { expect, test } from "vitest";
import { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { logBins } from "./log-bins.ts";

test("bins are a quarter octave wide, without gaps, and leave zeros out of the bins but not of the shares", () => {
  const histogram = new Histogram();
  for (const ns of [0, 1024, 1100, 2048]) histogram.record(ns);
  expect(logBins(histogram).map(({ lo, hi, percent }) => [Math.round(lo), Math.round(hi), percent])).toEqual([
    [1024, 1218, 50],
    [1218, 1448, 0],
    [1448, 1722, 0],
    [1722, 2048, 0],
    [2048, 2435, 25],
  ]);
  expect(logBins(new Histogram())).toEqual([]);
});
