import fc from "fast-check";
import { expect, test } from "vitest";
import { budgetOf } from "../../../test/support/budget-of.ts";
import { plainStory, smallOutcome, unlockedStory } from "../../../test/support/small-outcome.ts";
import { Histogram } from "../../../sim/measure/metrics/histogram.ts";
import { binsPerOctave } from "../../page/data.ts";
import { binsOf, histogram, nothing, tail } from "../../page/plots/plot-data.ts";
import { lineOf, pageDistributions } from "./page-distributions.ts";

const samples = fc.array(fc.integer({ min: 0, max: 1e10 }), { minLength: 1, maxLength: 200 });

function recorded(values: readonly number[]): Histogram {
  const made = new Histogram();
  for (const value of values) made.record(value);
  return made;
}

test("a page's bins hold every value that is not 0, near where it is", () => {
  fc.assert(
    fc.property(samples, (values) => {
      const line = lineOf({ ended: recorded(values), open: new Histogram() });
      expect(line.n).toBe(values.length);
      expect(line.zeros).toBe(values.filter((ns) => ns === 0).length);
      expect(line.max).toBe(Math.max(...values));
      const counted = binsOf(line).reduce((sum, [, count]) => sum + count, 0);
      expect(counted + line.zeros).toBe(line.n);
      for (const ns of values.filter((one) => one > 0)) {
        const near = binsOf(line).some(([bin]) => {
          const lo = 2 ** (bin / binsPerOctave);
          return ns >= lo * 0.998 && ns <= lo * 2 ** (1 / binsPerOctave) * 1.002;
        });
        expect(near).toBe(true);
      }
    }),
  );
});

test("the shares of a histogram sum to those above 0, and a tail falls from there to nothing", () => {
  fc.assert(
    fc.property(samples, (values) => {
      const line = lineOf({ ended: recorded(values), open: new Histogram() });
      if (line.n === line.zeros) return;
      const share = (100 * (line.n - line.zeros)) / line.n;
      const [bars = []] = histogram([line]).lines;
      expect(bars.reduce((sum, one) => sum + one, 0)).toBeCloseTo(share, 5);
      const { x, lines } = tail([line]);
      const [falling = []] = lines;
      expect(falling[0]).toBeCloseTo(share, 9);
      expect(falling.at(-1)).toBe(nothing);
      for (let i = 1; i < falling.length; i++) {
        expect(falling[i]).toBeLessThanOrEqual(falling[i - 1] ?? 0);
        expect(x[i]).toBeGreaterThan(x[i - 1] ?? 0);
      }
    }),
  );
});

test("each metric is offered by mode, then by role and site, for all variants together, and without those that are 0 everywhere", () => {
  const outcomes = [smallOutcome("plain", plainStory), smallOutcome("unlocked", unlockedStory)];
  const found = pageDistributions(outcomes, []);
  expect(found.filter(({ metric }) => metric === "mmap_sem.wait").map(({ of }) => of)).toEqual([
    "-R",
    "-R role proc_reader",
    "-R site show_pid_map",
    "-W",
    "-W role mm_writer",
    "-W site vm_munmap",
  ]);
  expect(found.every(({ lines }) => lines.length === 2)).toBe(true);
});

test("budgets of a distribution are places in its picture, those of others and of counts are not", () => {
  const outcomes = [smallOutcome("plain", plainStory)];
  const budgets = [
    budgetOf("mmap_sem.wait", { mode: "R", mm: "qemu" }, "p99 <= 1ms", { kind: "percentile", p: 99 }, 1e6),
    budgetOf("mmap_sem.wait", { mode: "R" }, "share(> 16ms) <= 1%", { kind: "share", above_ns: 16e6 }, 0.01),
    budgetOf("mmap_sem.wait", { mode: "R" }, "max <= 2ms", { kind: "max" }, 2e6),
    budgetOf("mmap_sem.wait", { mode: "R" }, "count == 0", { kind: "count" }, 0),
    budgetOf("mmap_sem.wait", { mode: "W" }, "p99 <= 3ms", { kind: "percentile", p: 99 }, 3e6),
  ];
  const limits = pageDistributions(outcomes, budgets).find(({ of }) => of === "-R")?.limits;
  expect(limits?.map(({ text, ns }) => [text, ns])).toEqual([
    ["p99 <= 1ms", 1e6],
    ["share(> 16ms) <= 1%", 16e6],
    ["max <= 2ms", 2e6],
  ]);
  expect(limits?.map(({ above }) => above)).toEqual([expect.closeTo(0.01, 12), 0.01, null]);
});

test("what has not ended is in a plot at its age, and counted apart", () => {
  const line = lineOf({ ended: recorded([100]), open: recorded([9000, 9000]) });
  expect([line.n, line.open, line.max]).toEqual([3, 2, 9000]);
  expect(binsOf(line).map(([, count]) => count)).toEqual([1, 2]);
  expect(lineOf({ ended: recorded([100]), open: recorded([]) })).not.toHaveProperty("open");
});
