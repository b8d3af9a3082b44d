import fc from "fast-check";
import { expect, test } from "vitest";
import { bestOrder, costOfOrder, greedyOrder, mostForAllSets, prefixes } from "./conversion-order.ts";

/** Costs of all sets of up to `most` things. */
const costs = (most: number) =>
  fc
    .integer({ min: 1, max: most })
    .chain((n) => fc.tuple(fc.constant(n), fc.array(fc.nat(1000), { minLength: 2 ** n, maxLength: 2 ** n })));

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}

const byNumber = (a: number, b: number): number => a - b;

test("the best order pays no more than any of all permutations", () => {
  fc.assert(
    fc.property(costs(6), ([n, table]) => {
      const cost = (set: number): number => table[set] as number;
      const best = bestOrder(n, cost);
      expect([...best].sort(byNumber)).toEqual(Array.from({ length: n }, (_, i) => i));
      const least = Math.min(...permutations(n).map((order) => costOfOrder(order, cost)));
      expect(costOfOrder(best, cost)).toBe(least);
    }),
  );
});

test("also of eight, the most that every set is looked at for", () => {
  const all = permutations(mostForAllSets);
  const tables = fc.array(fc.nat(1000), { minLength: 2 ** mostForAllSets, maxLength: 2 ** mostForAllSets });
  fc.assert(
    fc.property(tables, (table) => {
      const cost = (set: number): number => table[set] as number;
      let least = Number.POSITIVE_INFINITY;
      for (const order of all) least = Math.min(least, costOfOrder(order, cost));
      expect(costOfOrder(bestOrder(mostForAllSets, cost), cost)).toBe(least);
    }),
    { numRuns: 3 },
  );
}, 60_000);

test("the greedy order takes at each step what leaves least", () => {
  fc.assert(
    fc.property(costs(8), ([n, table]) => {
      const cost = (set: number): number => table[set] as number;
      const order = greedyOrder(n, cost);
      expect([...order].sort(byNumber)).toEqual(Array.from({ length: n }, (_, i) => i));
      const sets = prefixes(order);
      for (const [step, set] of sets.slice(1).entries()) {
        const before = sets[step] as number;
        for (let i = 0; i < n; i++) {
          if ((before & (1 << i)) === 0) expect(cost(set)).toBeLessThanOrEqual(cost(before | (1 << i)));
        }
      }
    }),
  );
});

test("the greedy order stops where a cost is not known", () => {
  const known = new Map([
    [0, 10],
    [1, 5],
    [2, 7],
    [4, 6],
    [3, 2],
  ]);
  expect(greedyOrder(3, (set) => known.get(set))).toEqual([0]);
  expect(greedyOrder(3, (set) => known.get(set) ?? 3)).toEqual([0, 1, 2]);
});

test("greedy is fooled where two things help only together, the best order is not", () => {
  // Things 0 and 1 do nothing alone and everything together; thing 2 does a little.
  const cost = (set: number): number => ((set & 3) === 3 ? 0 : 100) + ((set & 4) === 4 ? 0 : 10);
  expect(greedyOrder(3, cost)).toEqual([2, 0, 1]);
  const best = bestOrder(3, cost);
  expect(best.slice(0, 2).sort(byNumber)).toEqual([0, 1]);
  expect(costOfOrder(best, cost)).toBeLessThan(costOfOrder([2, 0, 1], cost));
});
