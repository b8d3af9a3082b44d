import { expect, test } from "vitest";
import { formatCount, formatDuration, formatDurations, threeSignificant } from "./format-duration.ts";

test.each([
  [null, "-"],
  [0, "0 ns"],
  [1, "1 ns"],
  [12.345, "12.3 ns"],
  [999, "999 ns"],
  [1000, "1.00 µs"],
  [9_800, "9.80 µs"],
  [9_996, "10.0 µs"],
  [412_000, "412 µs"],
  [999_600, "1.00 ms"],
  [1_310_000, "1.31 ms"],
  [-8_090_000, "-8.09 ms"],
  [12_000_000_000, "12.0 s"],
  [1_234_567_000_000_000, "1,234,567 s"],
])("%s ns prints as %s", (ns, text) => {
  expect(formatDuration(ns)).toBe(text);
});

test("two durations that differ never print alike", () => {
  expect(formatDurations(8_100_000, 14_000)).toEqual(["8.10 ms", "14.0 µs"]);
  expect(formatDurations(8_100_000, 8_100_400)).toEqual(["8,100,000 ns", "8,100,400 ns"]);
  expect(formatDurations(5000, 5000)).toEqual(["5.00 µs", "5.00 µs"]);
  expect(formatDurations(5000, null)).toEqual(["5.00 µs", "-"]);
});

test("counts and ratios are grouped by thousands", () => {
  expect([0, 999, 1000, 1_234_567].map(formatCount)).toEqual(["0", "999", "1,000", "1,234,567"]);
  expect([0, 0.01723, 1.5, 12.34, 580.2, 58_012].map(threeSignificant)).toEqual([
    "0",
    "0.0172",
    "1.50",
    "12.3",
    "580",
    "58,012",
  ]);
});
