import { expect, test } from "vitest";
import { bounded } from "./bounded.ts";
import { formatDuration } from "./format-duration.ts";

test("what may still grow is printed as at least so much, unless print does not show the difference", () => {
  const text = (low: number, high: number): string => bounded({ low, high }, formatDuration);
  expect(text(4_980_000_000, Number.POSITIVE_INFINITY)).toBe("≥ 4.98 s");
  expect(text(4_980_000_000, 5_100_000_000)).toBe("≥ 4.98 s");
  expect(text(4_980_000_000, 4_980_000_001)).toBe("4.98 s");
  expect(text(4_980_000_000, 4_980_000_000)).toBe("4.98 s");
  expect(bounded(null, formatDuration)).toBe("-");
});
