import type { AtLock, Hold, SpanHears, Wait } from "../../spans/span.ts";

/** Who had or wanted one lock, and until when: times in ns, -1 for never. */
class Traffic {
  readers = 0;
  writers = 0;
  waitingWriters = 0;
  readersUntil = -1;
  writersUntil = -1;
  writersWaitedUntil = -1;
}

/**
 * Tells of each wait of a recording whether somebody kept it waiting. A recording with lock:contention_begin says who slept. Without it
 * nobody can know for certain, but that somebody else in the recording had the lock meanwhile in a way that excludes the waiter: another
 * holder for a writer; for a reader a writer that had it, or one that queued before it while readers had it.
 */
export class Contended {
  /** Contentions that the recording shows. */
  slept = 0;
  readonly spans: Pick<SpanHears, "waitBegan" | "waitQueued" | "waitGivenUp" | "holdBegan" | "holdEnded"> = {
    waitBegan: (wait) => this.asks(wait, 1),
    waitQueued: () => void this.slept++,
    waitGivenUp: (wait, now) => this.stops(wait, now),
    holdBegan: (hold) => this.takes(hold),
    holdEnded: ({ at, mode }, now) => this.leaves(at, mode, now),
  };
  private readonly locks: Traffic[] = [];

  /** A wait that is over now: was it kept waiting? To be asked before the wait's end is told to others. */
  was({ at, from, queued }: Wait, { mode }: Hold, now: number): boolean {
    this.stops({ at, mode }, now);
    if (this.slept > 0) return queued;
    if (now === from) return false;
    const lock = this.lock(at);
    const readers = lock.readers - (mode === "R" ? 1 : 0) > 0 || lock.readersUntil > from;
    const writers = lock.writers - (mode === "W" ? 1 : 0) > 0 || lock.writersUntil > from;
    if (mode === "W") return readers || writers;
    return writers || (readers && (lock.waitingWriters > 0 || lock.writersWaitedUntil > from));
  }

  private asks({ at, mode }: Pick<Wait, "at" | "mode">, by: 1 | -1): void {
    if (mode === "W") this.lock(at).waitingWriters += by;
  }

  private stops(wait: Pick<Wait, "at" | "mode">, now: number): void {
    this.asks(wait, -1);
    if (wait.mode === "W") this.lock(wait.at).writersWaitedUntil = now;
  }

  private takes({ at, mode }: Hold): void {
    const lock = this.lock(at);
    if (mode === "R") lock.readers++;
    else lock.writers++;
  }

  private leaves(at: AtLock, mode: Hold["mode"], now: number): void {
    const lock = this.lock(at);
    if (mode === "R") {
      lock.readers--;
      lock.readersUntil = now;
    } else {
      lock.writers--;
      lock.writersUntil = now;
    }
  }

  private lock({ lock: { nr } }: AtLock): Traffic {
    const known = this.locks[nr];
    if (known !== undefined) return known;
    const made = new Traffic();
    this.locks[nr] = made;
    return made;
  }
}
