import { expect, test } from "vitest";
import type { Bounds } from "../../../sim/study/bounds.ts";
import { differenceInterval, differenceSentence, factorText } from "./difference-words.ts";
import { pairedBounds } from "./open-ended.ts";

const seeds = ["1", "2", "3"];
const values = [1e6, 1.1e6, 1.2e6];
const endless = Number.POSITIVE_INFINITY;

function compared(factor: number, open: { before?: number; after?: number }) {
  const of = (times: number, high: number | undefined) =>
    new Map(
      values.map((value, i): [string, Bounds] => {
        const low = value * times * (1 + i / 1000);
        return [seeds[i] as string, { low, high: high === undefined ? low : low * high }];
      }),
    );
  const pair = pairedBounds("max", seeds, of(1, open.before), of(factor, open.after));
  return { ...pair, variant: "b", metric: "mmap_sem.wait{mode=R}", stat: "max" as const };
}

test("where the candidate may still grow, longer is sure and shorter is not; the factor is at least what it is now", () => {
  const longer = compared(4, { after: endless });
  expect([longer.effect, factorText(longer), differenceInterval(longer)]).toEqual(["longer", "≥ × 4.00", "-"]);
  expect(differenceSentence(longer)).toBe("1.10 ms -> ≥ 4.39 ms, ▲ ≥ × 4.00");
  const shorter = compared(1 / 4, { after: endless });
  expect([shorter.effect, factorText(shorter)]).toEqual(["unknown", "≤ ÷ 4.00"]);
  expect(differenceSentence(shorter)).toContain("what had not ended may still change it");
});

test("where the reference may still grow, shorter is sure and longer is not", () => {
  const shorter = compared(1 / 4, { before: endless });
  expect([shorter.effect, factorText(shorter)]).toEqual(["shorter", "≥ ÷ 4.00"]);
  expect(differenceSentence(shorter)).toMatch(/^≥ 1\.10 ms -> 27\d µs, ▼/);
  expect(compared(4, { before: endless }).effect).toBe("unknown");
});

test("where both may grow there is no ratio, and where they may grow by a little what holds anyway is claimed", () => {
  const both = compared(4, { before: endless, after: endless });
  expect([both.effect, both.ratio, factorText(both)]).toEqual(["unknown", null, "-"]);
  expect(compared(1 / 4, { after: 1.5 }).effect).toBe("shorter");
  expect(compared(1 / 4, { after: 5 }).effect).toBe("unknown");
  expect(compared(1, { after: 1.5 }).effect).toBe("unknown");
  expect(compared(1, {}).effect).toBe("equal");
});
