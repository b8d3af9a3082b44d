import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseVariant } from "./linux/versions.ts";
import { defaultLitmusCosts, type LitmusPage, runLitmus } from "./litmus.ts";

/** One row of kernel.md's golden table; times in us. `bug` rows end in a BUG with the lock held. */
interface Row {
  readonly request: string;
  readonly variants: readonly string[];
  readonly result: number | "BUG";
  readonly holds: readonly number[];
  readonly wait: number;
  readonly prefault?: boolean;
  readonly ignoreBugs?: boolean;
  readonly leaks?: number;
}

const rows: readonly Row[] = [
  { request: "PPIPPIPP", variants: ["plain"], result: 8, holds: [2038], wait: 0 },
  { request: "PPIPPIPP", variants: ["rfc"], result: "BUG", holds: [12, 1026], wait: 1000 },
  { request: "PPIPPIPP", variants: ["rfc"], ignoreBugs: true, result: 2, leaks: 6, holds: [12, 1026], wait: 1000 },
  { request: "PPIPPIPP", variants: ["reviewed", "v4.0"], result: 8, holds: [12, 18, 8], wait: 2000 },
  { request: "IIII", variants: ["plain"], result: 4, holds: [4064], wait: 0 },
  { request: "IIII", variants: ["rfc"], result: "BUG", holds: [10, 3054], wait: 1000 },
  { request: "IIII", variants: ["rfc"], ignoreBugs: true, result: 4, leaks: 0, holds: [10, 3054], wait: 1000 },
  { request: "IIII", variants: ["reviewed", "v4.0"], result: 4, holds: [10, 16, 16, 16, 6], wait: 4000 },
  { request: "I", variants: ["plain"], result: 1, holds: [1016], wait: 0 },
  { request: "I", variants: ["rfc", "reviewed", "v4.0"], result: 1, holds: [10, 6], wait: 1000 },
  { request: "PPPEPPPP", variants: ["plain", "rfc", "v4.0"], result: 3, holds: [8], wait: 0 },
  { request: "PPPEPPPP", variants: ["reviewed"], result: 6, holds: [8], wait: 0 },
  { request: "E", variants: ["plain", "rfc", "v4.0"], result: -14, holds: [5], wait: 0 },
  { request: "E", variants: ["reviewed"], result: 0, holds: [5], wait: 0 },
  { request: "PPIPPPPE", variants: ["plain"], result: 7, holds: [1027], wait: 0 },
  { request: "PPIPPPPE", variants: ["rfc"], result: "BUG", holds: [12, 15], wait: 1000 },
  { request: "PPIPPPPE", variants: ["rfc"], ignoreBugs: true, result: 2, leaks: 5, holds: [12, 15], wait: 1000 },
  { request: "PPIPPPPE", variants: ["reviewed"], result: 11, holds: [12, 15], wait: 1000 },
  { request: "PPIPPPPE", variants: ["v4.0"], result: 7, holds: [12, 15], wait: 1000 },
  { request: "R", variants: ["plain"], result: 1, holds: [1016], wait: 0 },
  { request: "R", variants: ["rfc", "reviewed", "v4.0"], result: 1, holds: [10, 1016], wait: 1000 },
  { request: "PPPI", variants: ["plain"], result: 4, holds: [1019], wait: 0 },
  { request: "PPPI", variants: ["rfc", "reviewed", "v4.0"], result: 4, holds: [13, 6], wait: 1000 },
  { request: "IIII", variants: ["rfc", "reviewed", "v4.0"], prefault: true, result: 0, holds: [10], wait: 1000 },
];

const cases = rows.flatMap((row) => row.variants.map((variant) => ({ ...row, variant })));

describe("one call of get_user_pages_unlocked", () => {
  test.each(cases)("$request as $variant (asserts off: $ignoreBugs, prefault: $prefault) holds $holds us", (row) => {
    const vector = [...row.request] as LitmusPage[];
    const variant = parseVariant(row.variant);
    const outcome = runLitmus(vector, variant, defaultLitmusCosts, row.prefault ?? false, row.ignoreBugs ?? false);
    const segments = row.holds.map((us) => us * 1000);
    const isBug = row.result === "BUG";

    expect(outcome.hold_segments_ns).toEqual(segments);
    expect(outcome.acquisitions).toBe(segments.length);
    expect(outcome.total_hold_ns).toBe(segments.reduce((a, b) => a + b, 0));
    expect(outcome.max_hold_ns).toBe(Math.max(...segments));
    expect(outcome.unlocked_wait_ns).toBe(row.wait * 1000);
    expect(outcome.result).toBe(isBug ? null : row.result);
    expect(outcome.bug).toBe(isBug ? "ret > 1" : null);
    expect(outcome.lock_held_at_end).toBe(isBug);
    expect(outcome.errno).toBe(row.result === -14 ? "EFAULT" : null);
    if (row.leaks !== undefined) expect(outcome.leaked_references).toBe(row.leaks);
  });
});

describe("any vector of up to 12 pages", () => {
  const vector = fc.array(fc.constantFrom<LitmusPage>("P", "I", "E", "R", "Z"), { minLength: 1, maxLength: 12 });
  const variants = ["plain", "rfc", "reviewed", "v4.0"];

  test("runs to an end, and holds and IO waits add up", () => {
    fc.assert(
      fc.property(vector, fc.constantFrom(...variants), fc.boolean(), fc.boolean(), (pages, name, prefault, ignore) => {
        const outcome = runLitmus(pages, parseVariant(name), defaultLitmusCosts, prefault, ignore);
        expect(outcome.total_hold_ns).toBe(outcome.hold_segments_ns.reduce((a, b) => a + b, 0));
        expect(outcome.bug === null || outcome.lock_held_at_end).toBe(true);
        expect(outcome.bug === null || name === "rfc").toBe(true);
        const end = Math.max(0, ...outcome.timeline.map(({ to }) => to));
        expect(outcome.total_hold_ns + outcome.unlocked_wait_ns).toBe(end);
      }),
      { numRuns: 500 },
    );
  });

  test("v4.0 returns what plain returns: the drop changes holds, not results (S22)", () => {
    fc.assert(
      fc.property(vector, (pages) => {
        const [plain, merged] = ["plain", "v4.0"].map((name) =>
          runLitmus(pages, parseVariant(name), defaultLitmusCosts, false, false),
        );
        expect([merged?.result, merged?.errno, merged?.leaked_references]).toEqual([plain?.result, plain?.errno, 0]);
      }),
      { numRuns: 300 },
    );
  });

  test("the smallest vector on which the posted patch BUGs has two pages, the first with IO", () => {
    const all = (n: number): LitmusPage[][] =>
      n === 0 ? [[]] : all(n - 1).flatMap((tail) => (["P", "I", "E", "R"] as const).map((page) => [page, ...tail]));
    const bugs = (n: number): string[] =>
      all(n)
        .filter((pages) => runLitmus(pages, parseVariant("rfc"), defaultLitmusCosts, false, false).bug !== null)
        .map((pages) => pages.join(""));
    expect(bugs(1)).toEqual([]);
    expect(bugs(2).sort()).toEqual(["IP", "II", "IR", "RI", "RP", "RR"].sort());
    const total = [1, 2, 3, 4].reduce((sum, n) => sum + bugs(n).length, 0);
    expect(total).toBe(162);
  });
});
