import { readFileSync } from "node:fs";
import { build } from "hdr-histogram-js";
import { describe, expect, test } from "vitest";
import { meanOf, samplerOf } from "../../sim/engine/sampler.ts";
import { parseHgrm } from "./hgrm.ts";

const twoPoints = readFileSync(new URL("../samples/reported/K4-two-points.hgrm", import.meta.url), "utf8");

/** A listing of values in ns, printed in us. */
const listing = (values: readonly number[]): string => {
  const histogram = build({ numberOfSignificantValueDigits: 3 });
  for (const value of values) histogram.recordValue(value);
  return histogram.outputPercentileDistribution(5, 1000);
};
const withoutFooter = (text: string): string => text.replaceAll(/^#.*\n?/gm, "");
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What a device with one, two or three speeds, and one with a smooth tail, would leave. */
const shapes: Readonly<Record<string, readonly number[]>> = {
  "one speed": Array<number>(1_000).fill(100_000),
  "hit and miss": [...Array<number>(990).fill(90_000), ...Array<number>(10).fill(8_000_000)],
  "three speeds": [
    ...Array<number>(700).fill(20_000),
    ...Array<number>(250).fill(200_000),
    ...Array<number>(50).fill(9_000_000),
  ],
  "two humps": Array.from({ length: 4_000 }, (_, i) => (i < 3_000 ? 50_000 + i * 3 : 2_000_000 + i * 50)),
  smooth: Array.from({ length: 10_000 }, (_, i) => Math.round(-80_000 * Math.log(1 - (i + 0.5) / 10_000)) + 1),
};

describe("a percentile listing", () => {
  test("as reported: nine reads of 100 us and one of 10 ms have the mean of the footer and a p99 of 10 ms", () => {
    const law = parseHgrm(twoPoints, "two.hgrm", "us");
    expect(meanOf(law) / 1_089_834).toBeCloseTo(1, 3);
    expect(samplerOf(law).sample(0.99) / 10_000_000).toBeCloseTo(1, 3);
    expect(samplerOf(law).sample(0.85) / 100_031).toBeCloseTo(1, 2);
    expect(samplerOf(law).sample(1 - 2 ** -53)).toBe(10_000_000);
  });

  test.each(Object.entries(shapes))("of %s has its mean to 0.1 %", (_, values) => {
    const law = parseHgrm(listing(values), "x.hgrm", "us");
    expect(Math.abs(meanOf(law) / mean(values) - 1)).toBeLessThan(0.001);
    if (law.kind !== "empirical") throw new Error("not a histogram");
    expect(law.counts.reduce((sum, n) => sum + n, 0)).toBe(values.length);
    expect(Math.max(...law.hi_ns)).toBe(Math.max(...values));
  });

  test.each(Object.entries(shapes))(
    "of %s without a footer has its mean to 7 %, and each percentile that it lists",
    (_, values) => {
      const law = parseHgrm(withoutFooter(listing(values)), "x.hgrm", "us");
      expect(Math.abs(meanOf(law) / mean(values) - 1)).toBeLessThan(0.07);
      const sorted = [...values].sort((a, b) => a - b);
      for (const p of [0.5, 0.9, 0.95]) {
        const right = sorted[Math.ceil(p * sorted.length) - 1] as number;
        expect(Math.abs(samplerOf(law).sample(p) / right - 1), `p${p}`).toBeLessThan(0.002);
      }
    },
  );

  test("is in the unit that it names, or that is asked for, and in none without", () => {
    expect(() => parseHgrm(twoPoints, "two.hgrm")).toThrow(
      "does not say what its values are in: add unit: (one of ns, us, ms, s)",
    );
    const inMs = meanOf(parseHgrm(twoPoints, "two.hgrm", "ms"));
    expect(inMs).toBeCloseTo(1_000 * meanOf(parseHgrm(twoPoints, "two.hgrm", "us")), -3);
    for (const line of ["# unit: ms", "#[Unit = ms]", "# Unit ms"]) {
      expect([line, meanOf(parseHgrm(`${twoPoints}${line}\n`, "two.hgrm"))]).toEqual([line, inMs]);
    }
    expect(parseHgrm(twoPoints, "two.hgrm", "ms")).toMatchObject({ source: "two.hgrm (in ms)" });
    expect(() => parseHgrm(`${twoPoints}# unit: ms\n`, "two.hgrm", "us")).toThrow(
      "is in ms, as it says itself, and not in us",
    );
    expect(() => parseHgrm(`${twoPoints}# unit: days\n`, "two.hgrm")).toThrow(
      'unknown unit "days": one of ns, us, ms, s',
    );
  });

  test("whose footer is of other values is refused: mean, maximum and count", () => {
    const wrong = (from: string, to: string): (() => unknown) => {
      expect(twoPoints).toContain(from);
      return () => parseHgrm(twoPoints.replace(from, to), "two.hgrm", "us");
    };
    expect(wrong("1089.834", "9.834")).toThrow("has a footer with the mean 9.834, and lines whose mean is between");
    expect(wrong("1089.834", "1189.834")).toThrow("has a footer with the mean 1189.834");
    expect(wrong("#[Max     =    10000.000", "#[Max     =    20000.000")).toThrow(
      "has a footer with the maximum 20000, and lines up to 10002.431",
    );
    expect(wrong("Total count    =        10000", "Total count    =        10001")).toThrow(
      "has a footer of 10001 values, and lines of 10000",
    );
    // Within the width of a bucket and the digits that are printed, they agree.
    expect(wrong("1089.834", "1089.9")).not.toThrow();
  });

  test("with a line that is no number is refused with line and column", () => {
    const lines = twoPoints.split("\n");
    const at = lines.findIndex((line) => line.includes("0.500000000000"));
    const changed =
      (line: string): (() => unknown) =>
      () =>
        parseHgrm(lines.with(at, line).join("\n"), "two.hgrm", "us");
    expect(changed("     1oo.031 0.500000000000       9000           2.00")).toThrow(
      `line ${at + 1}:6: expected a value, got "1oo.031"`,
    );
    expect(changed("     100.031 0.5OO000000000       9000           2.00")).toThrow(
      `line ${at + 1}:14: expected a percentile`,
    );
    expect(changed("     100.031 0.500000000000       many           2.00")).toThrow(
      `line ${at + 1}:35: expected a total count, got "many"`,
    );
    expect(changed("     100.031 0.500000000000")).toThrow(
      `line ${at + 1}:28: expected a total count, got the end of the line`,
    );
    expect(changed("100 us")).toThrow(`line ${at + 1}:5: expected a percentile`);
    expect(changed("-1 0.5 9000")).toThrow(`line ${at + 1}:1: expected a value, got "-1"`);
    expect(changed("NaN 0.5 9000")).toThrow('expected a value, got "NaN"');
    expect(changed("1e999 0.5 9000")).toThrow('expected a value, got "1e999"');
    expect(changed("100.031 5.0 9000")).toThrow("a percentile is from 0 to 1, got 5");
    expect(changed("99 0.5 9000")).toThrow("values grow, and 99 is less than the 100.031 before it");
    expect(changed("100.031 0.5 8000")).toThrow("total counts grow, and 8000 is less than the 9000 before it");
    expect(changed("100.031 0.5 9000.5")).toThrow("a total count is a whole number, got 9000.5");
  });

  test("in which there is nothing to read is refused", () => {
    for (const text of ["", "# a note\n", "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"]) {
      expect(() => parseHgrm(text, "x.hgrm", "us")).toThrow("has no percentile lines: it is not an .hgrm file");
    }
    expect(() => parseHgrm("5 1.0 0", "x.hgrm", "us")).toThrow("has no percentile lines");
    expect(() => parseHgrm("value,percentile,count\n1,0.5,3\n", "x.hgrm", "us")).toThrow(
      'line 1:1: expected a value, got "value,percentile,count"',
    );
    expect(() => parseHgrm("99999999999999999 1.0 3", "x.hgrm", "s")).toThrow("has values of more than 104 days in s");
  });
});
