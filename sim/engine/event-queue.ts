/**
 * Pending events, earliest first; events of the same time in the order they were pushed. A 4-ary heap over typed arrays:
 * a push or a pop allocates nothing, and a node's children share a cache line.
 */
export class EventQueue {
  /** Time of the earliest event in ns, `Infinity` when there is none. */
  minTime = Number.POSITIVE_INFINITY;
  private times = new Float64Array(64);
  private seqs = new Float64Array(64);
  private ids = new Int32Array(64);
  private length = 0;

  /** Sequence number of the earliest event, `Infinity` when there is none. */
  get minSeq(): number {
    return this.length === 0 ? Number.POSITIVE_INFINITY : (this.seqs[0] as number);
  }

  /** Actor of the earliest event; only meaningful when there is one. */
  get minId(): number {
    return this.ids[0] as number;
  }

  /** Adds an event. `seq` must be larger than any pushed before. */
  push(time: number, seq: number, id: number): void {
    if (this.length === this.times.length) this.grow();
    const { times, seqs, ids } = this;
    let hole = this.length++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = times[parent] as number;
      // A new event never goes before one of the same time: `seq` only grows.
      if (parentTime <= time) break;
      times[hole] = parentTime;
      seqs[hole] = seqs[parent] as number;
      ids[hole] = ids[parent] as number;
      hole = parent;
    }
    times[hole] = time;
    seqs[hole] = seq;
    ids[hole] = id;
    this.minTime = times[0] as number;
  }

  /** Removes the earliest event. Does nothing when there is none. */
  pop(): void {
    if (this.length === 0) return;
    const last = --this.length;
    if (last === 0) {
      this.minTime = Number.POSITIVE_INFINITY;
      return;
    }
    const { times, seqs, ids } = this;
    const time = times[last] as number;
    const seq = seqs[last] as number;
    const id = ids[last] as number;
    let hole = 0;
    for (;;) {
      const first = (hole << 2) + 1;
      if (first >= last) break;
      const end = first + 4 < last ? first + 4 : last;
      let best = first;
      let bestTime = times[first] as number;
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child] as number;
        if (childTime < bestTime || (childTime === bestTime && (seqs[child] as number) < (seqs[best] as number))) {
          best = child;
          bestTime = childTime;
        }
      }
      if (bestTime > time || (bestTime === time && (seqs[best] as number) > seq)) break;
      times[hole] = bestTime;
      seqs[hole] = seqs[best] as number;
      ids[hole] = ids[best] as number;
      hole = best;
    }
    times[hole] = time;
    seqs[hole] = seq;
    ids[hole] = id;
    this.minTime = times[0] as number;
  }

  private grow(): void {
    const size = this.times.length * 2;
    const times = new Float64Array(size);
    const seqs = new Float64Array(size);
    const ids = new Int32Array(size);
    times.set(this.times);
    seqs.set(this.seqs);
    ids.set(this.ids);
    this.times = times;
    this.seqs = seqs;
    this.ids = ids;
  }
}
