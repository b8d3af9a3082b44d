import { expect, test } from "vitest";
import { byBegin, drawnEnds, Lanes, type Packing } from "./chrome-lanes.ts";

/** The lane of each span, which are given in any order as `from..to`. */
function lanes(packing: Packing, ...spans: string[]): Record<string, number> {
  const lanes = new Lanes(packing);
  const sorted = spans.map((name) => {
    const [from, to] = name.split("..").map(Number) as [number, number];
    return { name, from, to };
  });
  return Object.fromEntries(sorted.sort(byBegin).map((span) => [span.name, lanes.place(span)]));
}

test("apart: a lane is used again as soon as it is free, never before", () => {
  expect(lanes("apart", "0..10", "5..20", "10..15", "12..30", "15..18")).toEqual({
    "0..10": 0,
    "5..20": 1,
    "10..15": 0,
    "12..30": 2,
    "15..18": 0,
  });
});

test("nested: what lies inside stays, what would hang over moves to another lane", () => {
  expect(lanes("nested", "0..100", "0..40", "10..40", "30..50", "50..60", "90..110", "100..120")).toEqual({
    "0..100": 0,
    "0..40": 0,
    "10..40": 0,
    "30..50": 1,
    "50..60": 0,
    "90..110": 1,
    "100..120": 0,
  });
});

test("the first lane only: no room is said, and takes none", () => {
  const one = new Lanes("nested");
  const put = (from: number, to: number): boolean => one.placeFirst({ from, to });
  expect([put(0, 50), put(40, 60), put(40, 50), put(50, 60)]).toEqual([true, false, true, true]);
});

test("drawn ends keep 1 ns from what follows and 2 ns from what is around", () => {
  const spans = [
    { from: 0, to: 100 },
    { from: 0, to: 50 },
    { from: 20, to: 50 },
    { from: 50, to: 100 },
    { from: 100, to: 130 },
    { from: 140, to: 150 },
  ];
  expect(drawnEnds(spans)).toEqual([99, 49, 47, 97, 130, 150]);
});
