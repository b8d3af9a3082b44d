import fc from "fast-check";
import { expect, test } from "vitest";
import { exitCodes, firstOf } from "./exit-codes.ts";

const order = [70, 130, 143, 5, 4, 2, 1, 3, 0];

test("of several exit codes the first of 70, 130, 143, 5, 4, 2, 1, 3 wins; none is 0", () => {
  expect(Object.values(exitCodes).sort()).toEqual([...order].sort());
  fc.assert(
    fc.property(fc.subarray(order), (codes) => {
      const [first = 0] = [...codes].sort((a, b) => order.indexOf(a) - order.indexOf(b));
      return firstOf(codes) === first;
    }),
  );
});
