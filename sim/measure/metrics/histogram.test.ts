import fc from "fast-check";
import { build } from "hdr-histogram-js";
import { describe, expect, test } from "vitest";
import { Histogram } from "./histogram.ts";

/** Durations of every size: exponents are as likely as each other. */
const duration = fc
  .tuple(fc.integer({ min: 0, max: 52 }), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }))
  .map(([exponent, share]) => Math.min(Number.MAX_SAFE_INTEGER, Math.floor((1 + share) * 2 ** exponent)));
const durations = fc.array(fc.oneof(duration, fc.nat(3000)), { minLength: 1, maxLength: 200 });

/** Two hundred of these have an exact sum. */
const summable = duration.map((ns) => ns % 2 ** 45);

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function bucketsOf(histogram: Histogram): [number, number, number][] {
  const buckets: [number, number, number][] = [];
  histogram.forEachBucket((lo, hi, count) => buckets.push([lo, hi, count]));
  return buckets;
}

describe("the layout is HdrHistogram's", () => {
  test("for any values: each bucket's last value ends a bucket there too, with the same number of values up to it", () => {
    fc.assert(
      fc.property(durations, (values) => {
        const hdr = build({ highestTrackableValue: 2 ** 53 - 1, numberOfSignificantValueDigits: 3 });
        for (const value of values) hdr.recordValue(value);
        let upTo = 0;
        for (const [, hi, count] of bucketsOf(histogramOf(values))) {
          upTo += count;
          // A little less than the share, as this library rounds it to a rank by itself.
          const value = hdr.getValueAtPercentile((100 * (upTo - 0.5)) / values.length);
          if (value !== hi) return false;
        }
        return upTo === hdr.totalCount;
      }),
    );
  });

  test("values below 2048 have a bucket each; above, 1024 buckets share a power of two", () => {
    expect(bucketsOf(histogramOf([0, 2047, 2048, 2049, 4095, 4096, 8_000_000]))).toEqual([
      [0, 0, 1],
      [2047, 2047, 1],
      [2048, 2049, 2],
      [4094, 4095, 1],
      [4096, 4099, 1],
      [7_999_488, 8_003_583, 1],
    ]);
  });

  test("buckets follow one another without gap or overlap up to 2^53", () => {
    fc.assert(
      fc.property(duration, (value) => {
        const [[lo, hi] = [0, 0]] = bucketsOf(histogramOf([value]));
        if (value < lo || value > hi) return false;
        const next = hi + 1;
        if (next > Number.MAX_SAFE_INTEGER) return true;
        return bucketsOf(histogramOf([next]))[0]?.[0] === next;
      }),
    );
  });
});

describe("percentiles", () => {
  test("are within 0.1 % of the nearest rank of the sorted values, and within min and max", () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 100, noNaN: true }), (values, p) => {
        const histogram = histogramOf(values);
        const ordered = [...values].sort((a, b) => a - b);
        const rank = Math.max(1, Math.ceil(((p * values.length) / 100) * (1 - 1e-12)));
        const exact = ordered[rank - 1] as number;
        const found = histogram.percentile(p) as number;
        return (
          Math.abs(found - exact) <= exact / 1000 &&
          Number.isInteger(found) &&
          found >= histogram.min &&
          found <= histogram.max
        );
      }),
    );
  });

  test("are exact at both ends and where all values are equal", () => {
    const histogram = histogramOf([8_000_001, 8_000_001, 8_000_001]);
    expect([0, 50, 99, 100].map((p) => histogram.percentile(p))).toEqual(Array(4).fill(8_000_001));
    expect(histogramOf([3, 1_000_005]).percentile(100)).toBe(1_000_005);
  });

  test("spread the values of a bucket over it", () => {
    // 4096..4099 is one bucket; ranks 2 and 3 of four.
    const histogram = histogramOf([4096, 4097, 4098, 4099]);
    expect([25, 50, 75, 100].map((p) => histogram.percentile(p))).toEqual([4096, 4097, 4098, 4099]);
  });

  test("of 1000 values at 99.9 % is the 999th, although 99.9 / 100 * 1000 is more than 999 in doubles", () => {
    expect(histogramOf(Array.from({ length: 1000 }, (_, i) => i)).percentile(99.9)).toBe(998);
  });

  test("outside 0..100 are refused", () => {
    expect(() => new Histogram().percentile(101)).toThrow("a percentile is from 0 to 100, got 101");
  });
});

test("count, min, max, sum and mean are exact", () => {
  const histogram = histogramOf([1_000_005, 7, 12_345_678_901]);
  const { count, min, max, sum, mean } = histogram;
  expect({ count, min, max, sum, mean }).toEqual({
    count: 3,
    min: 7,
    max: 12_345_678_901,
    sum: 12_346_678_913,
    mean: 12_346_678_913 / 3,
  });
});

test("an empty histogram has no percentile and no mean", () => {
  const histogram = new Histogram();
  expect([histogram.percentile(50), histogram.mean, histogram.count, histogram.min, histogram.max]).toEqual([
    null,
    null,
    0,
    0,
    0,
  ]);
});

test.each([Number.NaN, -1, 12.7, Number.POSITIVE_INFINITY, 2 ** 53])("%d is not a duration", (value) => {
  expect(() => new Histogram().record(value)).toThrow(
    new RangeError(`a duration is a whole number of ns from 0 to 2^53 - 1, got ${value}`),
  );
});

test("merging, and crossing a thread as plain data, is recording everything in one", () => {
  fc.assert(
    fc.property(fc.array(summable), fc.array(summable), (some, others) => {
      const merged = histogramOf(some);
      merged.merge(Histogram.from(structuredClone(histogramOf(others).data())));
      merged.merge(new Histogram());
      return merged.equals(histogramOf([...some, ...others]));
    }),
  );
  expect(Histogram.from(new Histogram().data()).equals(new Histogram())).toBe(true);
});

test("histograms that differ inside a bucket are not equal", () => {
  expect(histogramOf([4096]).equals(histogramOf([4097]))).toBe(false);
  expect(histogramOf([1, 4, 4]).equals(histogramOf([1, 2, 6]))).toBe(false);
});
