import { expect, test } from "vitest";
import { plainStory, smallOutcome } from "../../test/support/small-outcome.ts";
import { momentOf } from "./windows.ts";

const wait = { task: 0, mm: "qemu", mode: "R" as const, ended: true };
const outcome = (from: number, to: number, seed: string) => ({
  ...smallOutcome("plain", plainStory),
  longest_wait: { ...wait, from, to, seed },
});

test("all variants are shown at the moment and in the seed of the longest wait that any of them had", () => {
  const outcomes = [outcome(1_000_000, 2_000_000, "1"), outcome(50_000_000, 54_000_000, "2")];
  expect(momentOf(outcomes, null)).toEqual({ seed: "2", from: 49_000_000, to: 55_000_000 });
});

test("a stretch that was asked for is shown of the first seed", () => {
  expect(momentOf([outcome(1, 2, "2")], { from: 10, to: 20 })).toEqual({ seed: "1", from: 10, to: 20 });
});

test("where nobody waited the beginning is shown", () => {
  expect(momentOf([smallOutcome("plain", plainStory)], null)).toEqual({ seed: "1", from: 0, to: 5_000_000 });
});
