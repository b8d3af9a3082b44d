import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram as HdrHistogram,
  type JsHistogram,
} from "hdr-histogram-js";
import { Histogram } from "../../sim/measure/metrics/histogram.ts";

/** Ticks of a `.hgrm` file per halving of the distance to 100 %. */
const ticksPerHalfDistance = 5;

/** The same distribution as an HdrHistogram of three significant digits, in ns, with the exact minimum and maximum. */
export function toHdr(histogram: Histogram): HdrHistogram {
  const hdr = build({
    highestTrackableValue: Math.max(2, histogram.max),
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  });
  const { min, max } = histogram;
  histogram.forEachBucket((lo, hi, count) => {
    // A bucket is told by its lowest value; the ends keep their own, as HdrHistogram holds both exactly.
    const low = Math.max(lo, min);
    const holdsMax = max <= hi;
    if (holdsMax) hdr.recordValue(max);
    if (!holdsMax || count > 1) hdr.recordValueWithCount(low, holdsMax ? count - 1 : count);
  });
  return hdr;
}

/** HdrHistogram's V2 compressed encoding as base64. It keeps buckets and percentiles, not the exact maximum. */
export function hdrBase64(histogram: Histogram): string {
  return encodeIntoCompressedBase64(toHdr(histogram));
}

/**
 * The distribution that {@link hdrBase64} was given, to the bucket.
 *
 * @param exact what the encoding does not keep.
 * @throws Error when `text` is no such encoding.
 */
export function fromHdrBase64(text: string, exact: { min: number; max: number; sum: number }): Histogram {
  // Decoding without WebAssembly, which is never set up here, gives the one implementation whose counts can be read.
  const hdr = decodeFromCompressedBase64(text) as JsHistogram;
  return Histogram.ofBuckets(countsOf(hdr), exact);
}

function* countsOf(hdr: JsHistogram): Iterable<readonly [number, number]> {
  for (let i = 0; i < hdr.countsArrayLength; i++) {
    const count = hdr.getCountAtIndex(i);
    if (count > 0) yield [hdr.valueFromIndex(i), count];
  }
}

/** A `.hgrm` text for HdrHistogram's plotter and its kin: values in µs, the unit in a comment line. */
export function hgrm(histogram: Histogram): string {
  return `${toHdr(histogram).outputPercentileDistribution(ticksPerHalfDistance, 1000).trimEnd()}\n#[Unit = us]\n`;
}
