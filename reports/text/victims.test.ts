import fc from "fast-check";
import { expect, test } from "vitest";
import { metricKey, Total } from "../../sim/measure/metrics/metrics.ts";
import { smallOutcome, plainStory, unlockedStory } from "../../test/support/small-outcome.ts";
import { blameRows } from "../documents/blame.ts";
import { victimRows, victimText } from "./victims.ts";

test("a worker's IO under the lock has a writer and, behind it, a reader as its victims", () => {
  const { metrics } = smallOutcome("plain", plainStory);
  const [first] = victimRows(blameRows(metrics.totals));
  expect(first?.site).toBe("async_pf_execute (-R)");
  // The writer waits from 20 us, the reader from 30 us, both until the worker releases at 8012 us.
  expect(first?.sum_ns).toBe(8_012_000 - 20_000 + 8_012_000 - 30_000);
  expect(first?.victims.map(({ what }) => what)).toEqual(["mm_writer (-W)", "proc_reader (-R)"]);
  expect(victimText(metrics, 200)).toMatch(
    /16\.0 ms {2}async_pf_execute \(-R\) +mm_writer \(-W\) 50\.0 % +proc_reader \(-R\) 50\.0 %/,
  );
});

test("who lets go of the lock over its IO has no victims", () => {
  expect(victimText(smallOutcome("unlocked", unlockedStory).metrics, 100)).toBe("");
});

test("the victims' times and the waiters' times are the same, whatever the ledger holds", () => {
  const name = fc.constantFrom("a", "b", "c");
  const entry = fc.record({
    site: name,
    role: name,
    holder_site: name,
    holder_role: name,
    cause: fc.constantFrom("cpu", "swap"),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(entry, fc.integer({ min: 1, max: 10 ** 9 }))), (entries) => {
      const totals = new Map<string, Total>();
      for (const [tags, ns] of entries) {
        const key = metricKey("mmap_sem.blame", { mm: "m", mode: "R", carrier: "none", holder_mode: "R", ...tags });
        const total = totals.get(key) ?? new Total();
        total.add(ns);
        totals.set(key, total);
      }
      const all = entries.reduce((sum, [, ns]) => sum + ns, 0);
      const rows = victimRows(blameRows(totals));
      expect(rows.reduce((sum, { sum_ns }) => sum + sum_ns, 0)).toBe(all);
      for (const { sum_ns, victims } of rows) {
        expect(victims.reduce((sum, victim) => sum + victim.sum_ns, 0)).toBe(sum_ns);
      }
    }),
  );
});
