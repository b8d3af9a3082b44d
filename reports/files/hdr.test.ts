import fc from "fast-check";
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { hdrBase64, hgrm, toHdr } from "./hdr.ts";

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

test("an HdrHistogram made of ours has its count, its extremes and, to 0.1 %, its percentiles", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 45 }), { minLength: 1 }), (values) => {
      const ours = histogramOf(values);
      const hdr = toHdr(ours);
      const decoded = decodeFromCompressedBase64(hdrBase64(ours));
      const p90 = ours.percentile(90) as number;
      return (
        hdr.totalCount === values.length &&
        hdr.maxValue === ours.max &&
        hdr.minNonZeroValue === ours.min &&
        decoded.totalCount === values.length &&
        Math.abs(decoded.getValueAtPercentile(90) - p90) <= p90 / 500
      );
    }),
  );
});

test("a .hgrm is in µs and says so", () => {
  const lines = hgrm(histogramOf([...Array(98).fill(14_000), 8_100_000, 8_200_001])).split("\n");
  expect(lines[0]).toBe("       Value     Percentile TotalCount 1/(1-Percentile)");
  expect(lines[2]).toMatch(/^ {6}14\.\d{3} 0\.0{12} {9}98 /);
  expect(lines.filter((line) => line.startsWith("#")).at(-1)).toBe("#[Unit = us]");
  expect(lines.find((line) => line.startsWith("#[Max"))).toContain("8200.001");
});
