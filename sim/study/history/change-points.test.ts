import { describe, expect, test } from "vitest";
import { Stream } from "../../engine/random.ts";
import { changePoints } from "./change-points.ts";

const level = 0.005;

/** Values around 1000 with a standard deviation of 1 %, from a stream of their own. */
function quiet(name: string, n: number): number[] {
  const draws = new Stream(name, "test", "noise");
  return Array.from({ length: n }, () => {
    const [a, b] = [1 - draws.uniform(), draws.uniform()];
    return 1000 * (1 + 0.01 * Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b));
  });
}

describe("change points of a history", () => {
  test.each([5, 12, 20, 27, 35])("a step of 5 % planted in 40 entries is found at its place, entry %i", (place) => {
    const values = quiet(`step ${place}`, 40).map((value, i) => (i < place ? value : value * 1.05));
    const found = changePoints(values, level);
    expect(found.map(({ at }) => at)).toEqual([place]);
    expect(found[0]?.p).toBeLessThanOrEqual(level);
  });

  test.each([
    ["second", [1, 1.06, 0.97]],
    ["first", [0.97, 1.06, 1]],
  ])("two steps are found, both, when the %s is the larger", (_, [first = 0, second = 0, third = 0]) => {
    const values = quiet("two", 45).map((value, i) => value * (i < 15 ? first : i < 30 ? second : third));
    expect(changePoints(values, level).map(({ at }) => at)).toEqual([15, 30]);
  });

  test("of 1,000 quiet histories at most 1 % have one", () => {
    let claimed = 0;
    for (let i = 0; i < 1000; i++) if (changePoints(quiet(`quiet ${i}`, 40), level).length > 0) claimed++;
    expect(claimed).toBeLessThanOrEqual(10);
    // A test that never claims anything would say nothing about the level.
    expect(claimed).toBeGreaterThan(0);
  }, 60_000);

  test("equal values, one that is out of line, and too few have none", () => {
    expect(changePoints([], level)).toEqual([]);
    expect(changePoints(new Array(40).fill(7), level)).toEqual([]);
    expect(changePoints([...new Array(39).fill(7), 9], level)).toEqual([]);
    expect(changePoints([1, 1, 1, 2, 2, 2], level)).toEqual([]);
  });

  test("a step between values that are equal before and after is found", () => {
    expect(changePoints([...new Array(12).fill(0), ...new Array(9).fill(3)], level).map(({ at }) => at)).toEqual([12]);
  });
});
