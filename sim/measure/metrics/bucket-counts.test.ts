import { expect, test } from "vitest";
import { BucketCounts } from "./bucket-counts.ts";

function counts(...pairs: readonly (readonly [number, number])[]): BucketCounts {
  const all = new BucketCounts();
  for (const [index, n] of pairs) all.add(index, n);
  return all;
}

function listed(all: BucketCounts): [number, number][] {
  const pairs: [number, number][] = [];
  all.forEach((index, n) => void pairs.push([index, n]));
  return pairs;
}

test("buckets of far blocks are visited from the lowest on, whatever the order in which they were counted", () => {
  const all = counts([40_000, 2], [3, 1], [1023, 1], [1024, 1], [3, 1]);
  expect(listed(all)).toEqual([
    [3, 2],
    [1023, 1],
    [1024, 1],
    [40_000, 2],
  ]);
});

test("merging adds bucket by bucket, and leaves the other as it was", () => {
  const [all, other] = [counts([5, 1], [2000, 1]), counts([5, 2], [9000, 4])];
  all.merge(other);
  other.add(9000, 1);
  expect(listed(all)).toEqual([
    [5, 3],
    [2000, 1],
    [9000, 4],
  ]);
});

test("a rank is reached in the bucket that holds it, and none beyond the last", () => {
  const all = counts([5, 2], [9000, 3]);
  expect(all.reach(2)).toEqual({ index: 5, inside: 2, before: 0 });
  expect(all.reach(3)).toEqual({ index: 9000, inside: 3, before: 2 });
  expect(all.reach(6)).toBeNull();
});

test("a block in which nothing was counted equals one that is missing", () => {
  expect(counts([5, 1], [5000, 0]).equals(counts([5, 1]))).toBe(true);
  expect(counts([5, 1], [5000, 1]).equals(counts([5, 1]))).toBe(false);
});
