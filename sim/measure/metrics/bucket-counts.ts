/** Buckets that stand in one block: as many as share a power of two. */
const blockBits = 10;
const blockSize = 1 << blockBits;

/** A bucket, how many values it has, and how many all lower ones have. */
export interface ReachedBucket {
  readonly index: number;
  readonly inside: number;
  readonly before: number;
}

/**
 * Counts by the number of a bucket, from 0 on. Only blocks of buckets with a count take memory: the durations of one thing spread over a
 * few powers of two, out of more than forty.
 */
export class BucketCounts {
  /** `null` where nothing was counted. */
  private readonly blocks: (Float64Array | null)[] = [];

  /** Adds `n` to a bucket. */
  add(index: number, n: number): void {
    const block = this.block(index >>> blockBits);
    const at = index & (blockSize - 1);
    block[at] = (block[at] as number) + n;
  }

  /** Adds all counts of another. */
  merge({ blocks }: BucketCounts): void {
    for (let nr = 0; nr < blocks.length; nr++) {
      const from = blocks[nr] as Float64Array | null;
      if (from === null) continue;
      const to = this.block(nr);
      for (let i = 0; i < blockSize; i++) to[i] = (to[i] as number) + (from[i] as number);
    }
  }

  /** Visits each bucket that has a count, lowest first. */
  forEach(visit: (index: number, n: number) => void): void {
    this.blocks.forEach((block, nr) => {
      block?.forEach((n, i) => {
        if (n > 0) visit(nr * blockSize + i, n);
      });
    });
  }

  /** The bucket of the value that is the `rank`-th from below, from 1 on; `null` when there are fewer. */
  reach(rank: number): ReachedBucket | null {
    let before = 0;
    for (const [nr, block] of this.blocks.entries()) {
      if (block === null) continue;
      for (let i = 0; i < blockSize; i++) {
        const inside = block[i] as number;
        if (before + inside >= rank) return { index: nr * blockSize + i, inside, before };
        before += inside;
      }
    }
    return null;
  }

  /** True when every bucket agrees. */
  equals(other: BucketCounts): boolean {
    const length = Math.max(this.blocks.length, other.blocks.length);
    for (let nr = 0; nr < length; nr++) {
      const [ours, theirs] = [this.blocks[nr], other.blocks[nr]];
      for (let i = 0; i < blockSize; i++) if ((ours?.[i] ?? 0) !== (theirs?.[i] ?? 0)) return false;
    }
    return true;
  }

  /** The counts of the first `length` buckets. */
  toArray(length: number): Float64Array {
    const counts = new Float64Array(length);
    this.forEach((index, n) => {
      counts[index] = n;
    });
    return counts;
  }

  private block(nr: number): Float64Array {
    const { blocks } = this;
    const known = nr < blocks.length ? blocks[nr] : null;
    if (known != null) return known;
    // Without holes: an array with holes is slower to read.
    while (blocks.length <= nr) blocks.push(null);
    const block = new Float64Array(blockSize);
    blocks[nr] = block;
    return block;
  }
}
