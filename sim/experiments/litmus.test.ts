import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gupPresets } from "../kernels/presets.ts";
import { parseVariant } from "../kernels/variant.ts";
import { defaultLitmusCosts, type LitmusPage, runLitmus } from "./litmus.ts";
import { judge } from "./review.ts";

/** One row of kernel.md's golden table; times in us. `bug` rows end in a BUG with the lock held. */
interface Row {
  readonly request: string;
  readonly variants: readonly string[];
  readonly result: number | "BUG";
  readonly holds: readonly number[];
  readonly wait: number;
  readonly prefault?: boolean;
  readonly mlock?: boolean;
  readonly ignoreBugs?: boolean;
  readonly leaks?: number;
}

const rows: readonly Row[] = [
  { request: "PPIPPIPP", variants: ["plain"], result: 8, holds: [2038], wait: 0 },
  { request: "PPIPPIPP", variants: ["rfc"], result: "BUG", holds: [12, 1026], wait: 1000 },
  { request: "PPIPPIPP", variants: ["rfc"], ignoreBugs: true, result: 2, leaks: 6, holds: [12, 1026], wait: 1000 },
  { request: "PPIPPIPP", variants: ["reviewed", "v4.0", "v5.4", "v6.18"], result: 8, holds: [12, 18, 8], wait: 2000 },
  { request: "IIII", variants: ["plain"], result: 4, holds: [4064], wait: 0 },
  { request: "IIII", variants: ["rfc"], result: "BUG", holds: [10, 3054], wait: 1000 },
  { request: "IIII", variants: ["rfc"], ignoreBugs: true, result: 4, leaks: 0, holds: [10, 3054], wait: 1000 },
  {
    request: "IIII",
    variants: ["reviewed", "v4.0", "v5.4", "v6.18"],
    result: 4,
    holds: [10, 16, 16, 16, 6],
    wait: 4000,
  },
  { request: "I", variants: ["plain"], result: 1, holds: [1016], wait: 0 },
  { request: "I", variants: ["rfc", "reviewed", "v4.0", "v5.4", "v6.18"], result: 1, holds: [10, 6], wait: 1000 },
  { request: "PPPEPPPP", variants: ["plain", "rfc", "v4.0", "v5.4", "v6.18"], result: 3, holds: [8], wait: 0 },
  { request: "PPPEPPPP", variants: ["reviewed"], result: 6, holds: [8], wait: 0 },
  { request: "E", variants: ["plain", "rfc", "v4.0", "v5.4", "v6.18"], result: -14, holds: [5], wait: 0 },
  { request: "E", variants: ["reviewed"], result: 0, holds: [5], wait: 0 },
  { request: "PPIPPPPE", variants: ["plain"], result: 7, holds: [1027], wait: 0 },
  { request: "PPIPPPPE", variants: ["rfc"], result: "BUG", holds: [12, 15], wait: 1000 },
  { request: "PPIPPPPE", variants: ["rfc"], ignoreBugs: true, result: 2, leaks: 5, holds: [12, 15], wait: 1000 },
  { request: "PPIPPPPE", variants: ["reviewed"], result: 11, holds: [12, 15], wait: 1000 },
  { request: "PPIPPPPE", variants: ["v4.0", "v5.4", "v6.18"], result: 7, holds: [12, 15], wait: 1000 },
  { request: "R", variants: ["plain"], result: 1, holds: [1016], wait: 0 },
  { request: "R", variants: ["rfc", "reviewed", "v4.0", "v5.4", "v6.18"], result: 1, holds: [10, 1016], wait: 1000 },
  { request: "PPPI", variants: ["plain"], result: 4, holds: [1019], wait: 0 },
  { request: "PPPI", variants: ["rfc", "reviewed", "v4.0", "v5.4", "v6.18"], result: 4, holds: [13, 6], wait: 1000 },
  { request: "IIII", variants: ["rfc", "reviewed", "v4.0"], prefault: true, result: 0, holds: [10], wait: 1000 },
  { request: "IIII", variants: ["v5.4", "v6.18"], prefault: true, result: 4, holds: [10, 16, 16, 16, 6], wait: 4000 },
  // A file: from v5.1 on the submission of a first pass runs after the drop.
  { request: "PPFPPFPP", variants: ["plain"], result: 8, holds: [2038], wait: 0 },
  { request: "PPFPPFPP", variants: ["reviewed", "v4.0"], result: 8, holds: [12, 18, 8], wait: 2000 },
  { request: "PPFPPFPP", variants: ["v5.4", "v6.18"], result: 8, holds: [2, 8, 8], wait: 2000 },
  // A userfault: who may not retry gets SIGBUS at once; the server maps the page, so the second look is a walk.
  { request: "U", variants: ["plain", "v6.18+gup=plain"], result: -14, holds: [0], wait: 0 },
  { request: "U", variants: ["rfc", "v4.0", "v5.4", "v6.18"], result: 1, holds: [0, 1], wait: 1005 },
  { request: "PUUP", variants: ["v4.0", "v5.4", "v6.18"], result: 4, holds: [1, 1, 2], wait: 2010 },
  // A stack guard page is faulted like any other, except in a walk for mlock, which counts it and leaves it alone.
  { request: "PGP", variants: ["plain", "rfc", "v4.0", "v5.4", "v6.18"], result: 3, holds: [8], wait: 0 },
  { request: "G", variants: ["plain", "rfc", "v4.0"], mlock: true, result: 1, holds: [0], wait: 0 },
  { request: "G", variants: ["v5.4", "v6.18"], mlock: true, result: 1, holds: [6], wait: 0 },
];

const cases = rows.flatMap((row) => row.variants.map((variant) => ({ ...row, variant })));

describe("one call of get_user_pages_unlocked", () => {
  test.each(cases)("$request as $variant (asserts off: $ignoreBugs, prefault: $prefault) holds $holds us", (row) => {
    const vector = [...row.request] as LitmusPage[];
    const variant = parseVariant(row.variant);
    const { prefault = false, mlock = false, ignoreBugs = false } = row;
    const outcome = runLitmus(vector, variant, defaultLitmusCosts, { prefault, mlock, ignoreBugs });
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

const plainly = { prefault: false, mlock: false, ignoreBugs: false };

/** What a right kernel answers: the pages before the first that cannot be had, or the error of that one. */
function rightAnswer(pages: readonly LitmusPage[], mayRetry: boolean): number {
  const bad = pages.findIndex((page) => page === "E" || (page === "U" && !mayRetry));
  if (bad < 0) return pages.length;
  return bad === 0 ? -14 : bad;
}

test("a prefault: up to v4.15 it returns 0 after the first IO and maps nothing, the cost moves to the next toucher (trap 16)", () => {
  const call = { prefault: true, mlock: false, ignoreBugs: false };
  const results = gupPresets.map((name) => {
    const { result, acquisitions } = runLitmus(["I", "I"], parseVariant(name), defaultLitmusCosts, call);
    return [name, result, acquisitions];
  });
  const [plain, rfc, reviewed, v4_0, ...later] = results;
  expect(plain).toEqual(["plain", 2, 1]);
  expect([rfc, reviewed, v4_0]).toEqual(["rfc", "reviewed", "v4.0"].map((name) => [name, 0, 1]));
  expect(later).toEqual(gupPresets.slice(4).map((name) => [name, 2, 3]));
});

describe("any vector of up to 12 pages", () => {
  const page = fc.constantFrom<LitmusPage>("P", "I", "E", "R", "Z", "F", "U", "G");
  const vector = fc.array(page, { minLength: 1, maxLength: 12 });

  test("runs to an end; holds and waits add up; the lock is let go except after a BUG, which only the posted patch has", () => {
    fc.assert(
      fc.property(
        vector,
        fc.constantFrom(...gupPresets),
        fc.boolean(),
        fc.boolean(),
        (pages, name, prefault, ignore) => {
          const call = { prefault, mlock: false, ignoreBugs: ignore };
          const outcome = runLitmus(pages, parseVariant(name), defaultLitmusCosts, call);
          expect(outcome.total_hold_ns).toBe(outcome.hold_segments_ns.reduce((a, b) => a + b, 0));
          expect(outcome.lock_held_at_end).toBe(outcome.bug !== null);
          expect(outcome.bug === null || name === "rfc").toBe(true);
          const end = Math.max(0, ...outcome.timeline.map(({ to }) => to));
          // Between a drop and its wait a file read is submitted, without the lock.
          const submitted = (end - outcome.total_hold_ns - outcome.unlocked_wait_ns) / defaultLitmusCosts.submit_ns;
          expect(submitted).toBeGreaterThanOrEqual(0);
          expect(submitted).toBeLessThanOrEqual(pages.filter((one) => one === "F").length);
          expect(Number.isInteger(submitted)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("no page is asked for twice or skipped, and the count or errno is right: plain, v4.0, v5.4, v6.18", () => {
    fc.assert(
      fc.property(vector, fc.constantFrom("plain", "v4.0", "v5.4", "v6.18"), (pages, name) => {
        const outcome = runLitmus(pages, parseVariant(name), defaultLitmusCosts, plainly);
        const right = rightAnswer(pages, name !== "plain");
        expect(outcome.result).toBe(right);
        expect(outcome.pages_got).toEqual(Array.from({ length: Math.max(right, 0) }, (_, i) => i));
        expect(outcome.leaked_references).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test("the posted patch breaks that with its BUG and with nothing else", () => {
    fc.assert(
      fc.property(vector, (pages) => {
        const outcome = runLitmus(pages, parseVariant("rfc"), defaultLitmusCosts, plainly);
        if (outcome.bug === null) expect(outcome.result).toBe(rightAnswer(pages, true));
        else expect(outcome.bug).toBe("ret > 1");
      }),
      { numRuns: 500 },
    );
  });

  test("the literal review breaks that: 0 for an error with nothing done, and pages of a short last pass counted twice (trap 5)", () => {
    fc.assert(
      fc.property(vector, (pages) => {
        const outcome = runLitmus(pages, parseVariant("reviewed"), defaultLitmusCosts, plainly);
        const right = rightAnswer(pages, true);
        expect(outcome.pages_got.length).toBe(Math.max(right, 0));
        if (right === -14) expect(outcome.result).toBe(0);
        else expect(outcome.result).toBeGreaterThanOrEqual(right);
      }),
      { numRuns: 500 },
    );
  });

  test("v4.0 returns what plain returns where IO is all there is: the drop changes holds, not results (S22)", () => {
    const ioOnly = fc.array(fc.constantFrom<LitmusPage>("P", "I", "E", "R", "Z", "F"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(ioOnly, (pages) => {
        const [plain, merged] = ["plain", "v4.0"].map((name) =>
          runLitmus(pages, parseVariant(name), defaultLitmusCosts, plainly),
        );
        expect([merged?.result, merged?.errno, merged?.leaked_references]).toEqual([plain?.result, plain?.errno, 0]);
      }),
      { numRuns: 300 },
    );
  });

  test("the smallest vector on which the posted patch BUGs has two pages, the first with IO", () => {
    const all = (n: number): LitmusPage[][] =>
      n === 0 ? [[]] : all(n - 1).flatMap((tail) => (["P", "I", "E", "R"] as const).map((one) => [one, ...tail]));
    const bugs = (n: number): string[] =>
      all(n)
        .filter((pages) => runLitmus(pages, parseVariant("rfc"), defaultLitmusCosts, plainly).bug !== null)
        .map((pages) => pages.join(""));
    expect(bugs(1)).toEqual([]);
    expect(bugs(2).sort()).toEqual(["IP", "II", "IR", "RI", "RP", "RR"].sort());
    const total = [1, 2, 3, 4].reduce((sum, n) => sum + bugs(n).length, 0);
    expect(total).toBe(162);
  });
});

describe("patience (S76, S79, S81, S83)", () => {
  const held = (vector: string, gup: string): number[] => {
    const { result, max_hold_ns, unlocked_wait_ns } = runLitmus(
      [...vector] as LitmusPage[],
      parseVariant(`v4.0+gup=${gup}`),
      defaultLitmusCosts,
      plainly,
    );
    return [result ?? 0, max_hold_ns / 1000, unlocked_wait_ns / 1000];
  };

  test("retry:1 is the merged form, retry:0 insists at once", () => {
    const vector = fc.array(fc.constantFrom<LitmusPage>("P", "I", "E", "R", "Z", "X"), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(vector, (pages) => {
        const text = pages.join("");
        expect(held(text, "retry:1")).toEqual(held(text, "v4.0"));
        expect(held(text, "retry:0")).toEqual(held(text, "plain"));
      }),
      { numRuns: 300 },
    );
  });

  test("a page that is reclaimed once costs a hold over its second IO at 1, and a second wait without the lock from 2 on", () => {
    expect(held("R", "retry:1")).toEqual([1, 1016, 1000]);
    expect(held("R", "retry:2")).toEqual([1, 10, 2000]);
    expect(held("R", "retry:3")).toEqual([1, 10, 2000]);
    expect(held("R", "retry:forever")).toEqual([1, 10, 2000]);
  });

  test("a page that is not reclaimed is got alike with any patience", () => {
    for (const gup of ["retry:1", "retry:2", "retry:5", "retry:forever"])
      expect(held("PIPI", gup)).toEqual(held("PIPI", "v4.0"));
  });
});

describe("the suggestions of the review, each alone on the posted patch", () => {
  test.each([
    ["rfc", { bugs: "IP", counts: null, errors: null, drops: null }],
    ["rfc+gup=rfc:early-drop", { bugs: "IP", counts: null, errors: null, drops: null }],
    ["rfc+gup=rfc:add-again", { bugs: "IP", counts: "PE", errors: "E", drops: null }],
    ["rfc+gup=rfc:one-page", { bugs: null, counts: null, errors: null, drops: null }],
    ["rfc+gup=rfc:no-errno", { bugs: "IP", counts: null, errors: "X", drops: null }],
    ["rfc+gup=rfc:rename", { bugs: "IP", counts: null, errors: null, drops: "I" }],
    ["reviewed", { bugs: null, counts: "PE", errors: "E", drops: null }],
    ["v4.0", { bugs: null, counts: null, errors: null, drops: null }],
  ])("%s: the smallest vector that shows what it breaks", (variant, expected) => {
    const { bugs, wrongCounts, lostErrors, unreportedDrops } = judge(variant, 2);
    expect({
      bugs: bugs.smallest,
      counts: wrongCounts.smallest,
      errors: lostErrors.smallest,
      drops: unreportedDrops.smallest,
    }).toEqual(expected);
  });

  test("setting lock_dropped early changes nothing (S58, S62), the removed line loses 156 errors of 780 vectors (S67)", () => {
    expect(judge("rfc+gup=rfc:early-drop", 4)).toEqual(judge("rfc", 4));
    expect(judge("rfc+gup=rfc:no-errno", 4)).toMatchObject({ vectors: 780, lostErrors: { count: 156, smallest: "X" } });
  });
});

test("after a BUG the hold ends where the call does, though other tasks live on", () => {
  // The server of U is such a task: it waits for requests to the end of time.
  const outcome = runLitmus(["P", "U", "P"], parseVariant("rfc"), defaultLitmusCosts, plainly);
  expect([outcome.bug, outcome.lock_held_at_end]).toEqual(["ret > 1", true]);
  expect(outcome.total_hold_ns).toBeLessThan(1_000_000);
});
