import { expect, test } from "vitest";
import { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { log2Histogram } from "./log2-histogram.ts";

test("rows are powers of two, empty ones inside the range kept", () => {
  const histogram = new Histogram();
  for (let i = 0; i < 400; i++) histogram.record(1024 + i);
  for (const ns of [2048, 4095, 16_384]) histogram.record(ns);
  for (let i = 0; i < 100; i++) histogram.record(8_000_000_000);
  expect(`\n${log2Histogram(histogram).split("\n").slice(0, 6).join("\n")}\n`).toBe(`
     nsecs               : count     distribution
      1024 -> 2047       : 400      |****************************************|
      2048 -> 4095       : 2        |*                                       |
      4096 -> 8191       : 0        |                                        |
      8192 -> 16383      : 0        |                                        |
     16384 -> 32767      : 1        |*                                       |
`);
  expect(log2Histogram(histogram).split("\n").slice(-3).join("\n")).toBe(
    `4294967296 -> 8589934591 : 100      |**********                              |\n\navg = 1590458274 nsecs, total: 800000511927 nsecs, count: 503`,
  );
});

test("0 and 1 share the first row; nothing is said to be nothing", () => {
  const histogram = new Histogram();
  expect(log2Histogram(histogram)).toBe("     no samples");
  histogram.record(0);
  histogram.record(1);
  expect(log2Histogram(histogram)).toContain("         0 -> 1          : 2        |****");
  expect(log2Histogram(histogram, "above-zero")).toContain("avg = 1 nsecs, total: 1 nsecs, count: 1");
});
