import { expect, test } from "vitest";
import { Histogram } from "../sim/measure/histogram.ts";
import { plainStory, smallOutcome, unlockedStory } from "../test/small-outcome.ts";
import { lineChart } from "./chart-config.ts";
import { holdWaitCharts } from "./charts.ts";
import { logBins } from "./log-bins.ts";

const data = {
  scenario: "kvm-swap",
  outcomes: [smallOutcome("plain", plainStory), smallOutcome("unlocked", unlockedStory)],
};

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

test("a chart has readers and writers in panels, a colour and a dash for each variant, and its n in the caption", () => {
  const { data: drawn, options } = lineChart(data, "mmap_sem.wait");
  expect(drawn.datasets.map(({ label, yAxisID }) => [label, yAxisID])).toEqual([
    ["plain", "yR"],
    ["unlocked", "yR"],
    ["plain", "yW"],
    ["unlocked", "yW"],
  ]);
  const looks = drawn.datasets.slice(0, 2).map(({ borderColor, borderDash }) => `${borderColor} ${borderDash}`);
  expect(new Set(looks).size).toBe(2);
  expect(options?.plugins?.subtitle?.text).toEqual([
    "-R: plain n = 2 (50.0 % at 0); unlocked n = 2 (100 % at 0)",
    "-W: plain n = 1; unlocked n = 1 (100 % at 0)",
    "% of all samples in bins of a quarter octave; gupsim, scenario kvm-swap, seeds 1, 2",
  ]);
  // The reader that waited 7.99 ms: one bar of 50 %, up from the axis and down to it.
  expect(drawn.datasets[0]?.data.map(({ y }) => y)).toEqual([1 / 10, 50, 50, 1 / 10]);
});

test("the pictures are PNGs of 1000 x 520 pixels, the same bytes each time", async () => {
  const [pictures, again] = [await holdWaitCharts(data), await holdWaitCharts(data)];
  expect(pictures.map(({ name }) => name)).toEqual(["hold.png", "wait.png"]);
  for (const [i, { png }] of pictures.entries()) {
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1000, 520]);
    expect(again[i]?.png.equals(png)).toBe(true);
  }
});

test("variants without a sample are drawn as nothing", async () => {
  const empty = { scenario: "idle", outcomes: [smallOutcome("plain", "")] };
  await expect(holdWaitCharts(empty)).resolves.toHaveLength(2);
});
