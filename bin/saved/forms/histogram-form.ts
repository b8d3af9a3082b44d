import { inflateSync } from "node:zlib";
import { z } from "zod";
import { fromHdrBase64 } from "../../../reports/files/hdr.ts";
import { count, time } from "./parts.ts";

/** A histogram has at most this many buckets: 2048 of the smallest times, and 1024 for each power of two from there to 2^53. */
const mostBuckets = 2048 + 42 * 1024;
/** What a count takes at most in HdrHistogram's encoding is 9 bytes. */
const mostBytes = 16 * mostBuckets;
/** The cookie and the length before what is compressed. */
const headBytes = 8;

/** What is exact beside the buckets. */
export const exact = z.object({ min: time, max: time, sum: time }).refine(({ min, max }) => min <= max, {
  error: "min must not be above max",
});

/** What is wrong with a histogram in base64, which has `samples`; null when nothing is. */
export function hdrProblem(base64: string, samples: number): string | null {
  try {
    // A small text may unpack to gigabytes: this stops where a histogram of ours has ended.
    inflateSync(Buffer.from(base64, "base64").subarray(headBytes), { maxOutputLength: mostBytes });
    const histogram = fromHdrBase64(base64, { min: 0, max: 0, sum: 0 });
    if (histogram.count === samples) return null;
    return `has ${histogram.count} samples, where ${samples} are told of`;
  } catch {
    return "is no histogram in HdrHistogram's base64";
  }
}

/** A histogram in a journal: pairs of a bucket's number and its count, in order. */
export const bucketsForm = z
  .object({ buckets: z.array(count), count, min: time, max: time, sum: time })
  .superRefine(({ buckets, count: all, min, max }, context) => {
    const wrong = (message: string): void => context.addIssue({ code: "custom", path: ["buckets"], message });
    if (buckets.length % 2 !== 0) return wrong("must be pairs of a bucket and its count");
    let sum = 0;
    for (let i = 0; i < buckets.length; i += 2) {
      const [bucket, n] = [buckets[i] as number, buckets[i + 1] as number];
      if (bucket >= mostBuckets || bucket <= (buckets[i - 2] ?? -1)) return wrong(`has no bucket ${bucket} there`);
      sum += n;
    }
    if (sum !== all) wrong(`has ${sum} samples, where ${all} are told of`);
    if (all > 0 && min > max) wrong("min must not be above max");
  });
