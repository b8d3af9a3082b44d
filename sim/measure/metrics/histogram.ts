import { BucketCounts } from "./bucket-counts.ts";

/** Values below this have a bucket each; above it 1024 buckets share each power of two. */
const exactBelow = 2048;
const bucketsPerOctave = 1024;
/** Brings the top bits of a double to its bucket number: the exponent's bias is 1023, and octave 9 would begin at 0. */
const bias = (1023 + 9) * bucketsPerOctave;

// Scratch only: nothing survives a call of `record`.
const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** A histogram as plain data, to cross a thread border. `counts` ends with the last occupied bucket. */
export interface HistogramData {
  readonly counts: Float64Array;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
}

/**
 * A distribution of durations, whole ns from 0 to 2^53 - 1: exact count, min, max and sum, and counts in HdrHistogram's own
 * bucket layout at three significant digits (a bucket is at most 0.1 % wide). Recording allocates only for the first value of a power of two.
 */
export class Histogram {
  private readonly counts = new BucketCounts();
  private n = 0;
  private smallest = Number.POSITIVE_INFINITY;
  private largest = 0;
  private total = 0;

  /** The histogram that {@link data} was taken from. */
  static from(data: HistogramData): Histogram {
    const histogram = new Histogram();
    data.counts.forEach((n, index) => {
      if (n > 0) histogram.counts.add(index, n);
    });
    histogram.n = data.count;
    histogram.smallest = data.count === 0 ? Number.POSITIVE_INFINITY : data.min;
    histogram.largest = data.max;
    histogram.total = data.sum;
    return histogram;
  }

  /**
   * A histogram from what another tool keeps of one: a value in each occupied bucket and how many there are.
   *
   * @param exact min, max and sum of the values, ns.
   */
  static ofBuckets(
    buckets: Iterable<readonly [number, number]>,
    exact: { readonly min: number; readonly max: number; readonly sum: number },
  ): Histogram {
    const histogram = new Histogram();
    for (const [value, count] of buckets) {
      histogram.counts.add(bucketOf(value), count);
      histogram.n += count;
    }
    if (histogram.n > 0) {
      histogram.smallest = exact.min;
      histogram.largest = exact.max;
      histogram.total = exact.sum;
    }
    return histogram;
  }

  /** How many values were recorded. */
  get count(): number {
    return this.n;
  }

  /** The smallest value, ns, exact; 0 when there is none. */
  get min(): number {
    return this.n === 0 ? 0 : this.smallest;
  }

  /** The largest value, ns, exact; 0 when there is none. */
  get max(): number {
    return this.largest;
  }

  /** The sum of all values, ns, exact below 2^53. */
  get sum(): number {
    return this.total;
  }

  /** The mean, ns; `null` when there is no value. */
  get mean(): number | null {
    return this.n === 0 ? null : this.total / this.n;
  }

  /** @throws RangeError when `ns` is not a whole number from 0 to 2^53 - 1. */
  record(ns: number): void {
    // Written so that NaN fails it.
    if (!(ns >= 0 && ns <= Number.MAX_SAFE_INTEGER && Math.floor(ns) === ns)) throw notADuration(ns);
    this.counts.add(bucketOf(ns), 1);
    this.n++;
    this.total += ns;
    if (ns < this.smallest) this.smallest = ns;
    if (ns > this.largest) this.largest = ns;
  }

  /** Adds everything `other` has recorded. */
  merge(other: Histogram): void {
    this.counts.merge(other.counts);
    this.n += other.n;
    this.total += other.total;
    this.smallest = Math.min(this.smallest, other.smallest);
    this.largest = Math.max(this.largest, other.largest);
  }

  /**
   * The value that `p` percent of all values do not exceed (nearest rank), whole ns, within 0.1 %; `null` when there is none.
   * The values of a bucket are taken to be spread evenly over it; the first and the last value are exact.
   *
   * @param beyond how many further values there are, each larger than any that was recorded: where it is one of them, infinite.
   * @throws RangeError when `p` is not from 0 to 100.
   */
  percentile(p: number, beyond = 0): number | null {
    if (!(p >= 0 && p <= 100)) throw new RangeError(`a percentile is from 0 to 100, got ${p}`);
    const all = this.n + beyond;
    if (all === 0) return null;
    // 99.9 % of 1000 is 999.0000000000001 in doubles; that must not become rank 1000.
    const rank = Math.max(1, Math.ceil(((p * all) / 100) * (1 - 1e-12)));
    if (rank > this.n) return Number.POSITIVE_INFINITY;
    if (rank === 1) return this.smallest;
    const bucket = this.counts.reach(rank);
    if (bucket === null) return this.largest;
    const { index, inside, before } = bucket;
    return this.inside(index, (rank - before - 0.5) / inside, rank);
  }

  /** Calls `visit` for each occupied bucket, lowest first. The bucket covers the whole values from `lo` to `hi`, ns. */
  forEachBucket(visit: (lo: number, hi: number, count: number) => void): void {
    this.counts.forEach((index, n) => void visit(lowest(index), lowest(index + 1) - 1, n));
  }

  /** True when count, min, max, sum and every bucket agree. */
  equals(other: Histogram): boolean {
    if (this.n !== other.n || this.total !== other.total) return false;
    if (this.smallest !== other.smallest || this.largest !== other.largest) return false;
    return this.counts.equals(other.counts);
  }

  /** A copy as plain data. */
  data(): HistogramData {
    const counts = this.counts.toArray(this.n === 0 ? 0 : bucketOf(this.largest) + 1);
    return { counts, count: this.n, min: this.min, max: this.largest, sum: this.total };
  }

  private inside(index: number, share: number, rank: number): number {
    if (rank === this.n) return this.largest;
    const lo = Math.max(lowest(index), this.smallest);
    const hi = Math.min(lowest(index + 1) - 1, this.largest);
    return Math.round(lo + (hi - lo) * share);
  }
}

/** The exponent and the ten bits below it are the bucket: a double already is a logarithmic histogram's key. */
function bucketOf(ns: number): number {
  if (ns < exactBelow) return ns;
  bits[0] = ns;
  return ((words[highWord] as number) >>> 10) - bias;
}

/** The smallest value of a bucket. */
function lowest(index: number): number {
  if (index < exactBelow) return index;
  const octave = Math.floor(index / bucketsPerOctave) - 1;
  return (bucketsPerOctave + (index % bucketsPerOctave)) * 2 ** octave;
}

function notADuration(ns: number): RangeError {
  return new RangeError(`a duration is a whole number of ns from 0 to 2^53 - 1, got ${ns}`);
}
