/** Actors that are due now, first in first out. */
export class ReadyRing {
  /** How many are waiting. */
  length = 0;
  private seqs = new Float64Array(64);
  private ids = new Int32Array(64);
  private head = 0;

  /** Sequence number of the first, `Infinity` when the ring is empty. */
  get firstSeq(): number {
    return this.length === 0 ? Number.POSITIVE_INFINITY : (this.seqs[this.head] as number);
  }

  /** Actor of the first; only meaningful when there is one. */
  get firstId(): number {
    return this.ids[this.head] as number;
  }

  push(seq: number, id: number): void {
    if (this.length === this.ids.length) this.grow();
    const tail = (this.head + this.length++) & (this.ids.length - 1);
    this.seqs[tail] = seq;
    this.ids[tail] = id;
  }

  /** Removes the first. Only when there is one. */
  shift(): void {
    this.head = (this.head + 1) & (this.ids.length - 1);
    this.length--;
  }

  private grow(): void {
    const size = this.ids.length;
    const seqs = new Float64Array(size * 2);
    const ids = new Int32Array(size * 2);
    for (let i = 0; i < size; i++) {
      const from = (this.head + i) & (size - 1);
      seqs[i] = this.seqs[from] as number;
      ids[i] = this.ids[from] as number;
    }
    this.seqs = seqs;
    this.ids = ids;
    this.head = 0;
  }
}
