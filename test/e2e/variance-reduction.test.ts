import { expect, test } from "vitest";
import { aligned, pairings } from "../../bench/statistics/variance.ts";

test.each(aligned)(
  "$what of $scenario 5 % slower: with ten seeds pairing lowers the variance of reader wait and of that site's hold at least threefold, mean and p99",
  (slower) => {
    const found = pairings(slower, 10);
    expect(found.filter(({ factor }) => !(factor >= 3))).toEqual([]);
    const hold = found.find(({ statistic }) => statistic === `mmap_sem.hold{mode=R,site=${slower.site}} mean`);
    expect(hold?.ratio).toBeGreaterThan(1.04);
    expect(hold?.ratio).toBeLessThan(1.06);
  },
);
