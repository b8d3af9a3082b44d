import { expect, test } from "vitest";
import { around, panned, roundTimes, within, zoomed } from "./view.ts";

test("zooming keeps the time under the pointer where it is", () => {
  const view = zoomed({ from: 0, to: 1000 }, 2, 250, 10_000);
  expect(view).toEqual({ from: 125, to: 625 });
  expect((250 - view.from) / (view.to - view.from)).toBe(0.25);
});

test("a view never leaves the window and is never narrower than 200 ns", () => {
  expect(zoomed({ from: 0, to: 1000 }, 0.1, 500, 5000)).toEqual({ from: 0, to: 5000 });
  expect(panned({ from: 100, to: 1100 }, -1, 5000)).toEqual({ from: 0, to: 1000 });
  expect(panned({ from: 3900, to: 4900 }, 1, 5000)).toEqual({ from: 4000, to: 5000 });
  const narrow = zoomed({ from: 0, to: 400 }, 100, 200, 5000);
  expect(narrow.to - narrow.from).toBe(200);
  expect(within({ from: 0, to: 10 }, 50)).toEqual({ from: 0, to: 200 });
});

test("a view around a stretch shows it whole", () => {
  const view = around(4000, 5000, 5000);
  expect(view.from).toBeLessThanOrEqual(4000);
  expect(view.to).toBe(5000);
});

test("labels of an axis differ from each other at any zoom, in one unit", () => {
  for (const width of [300, 4e3, 7e4, 5e5, 1e7, 3e9]) {
    const labels = roundTimes({ from: 41_100_000, to: 41_100_000 + width }, 8).map(({ label }) => label);
    expect(labels.length).toBeGreaterThan(3);
    expect(new Set(labels).size).toBe(labels.length);
    expect(new Set(labels.map((label) => label.split(" ")[1])).size).toBe(1);
  }
  expect(roundTimes({ from: 0, to: 50e6 }, 5)).toEqual(
    [0, 10, 20, 30, 40, 50].map((ms) => ({ time: ms * 1e6, label: `${ms} ms` })),
  );
});
