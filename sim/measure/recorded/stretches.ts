import type { SpanListener } from "../../spans/paired.ts";
import type { SpanHears } from "../../spans/span.ts";
import { LockStat } from "../lock/lock-stat.ts";
import type { Metrics } from "../metrics/metrics.ts";

/** Stretches that are kept apart: from half as many on. */
const most = 20;
/** The length of the first ones, ns. */
const shortest = 10_000_000;

/** One stretch of a recording and what ended in it. Times in ns. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly metrics: Metrics;
}

/**
 * Measures a recording in ten to twenty stretches of equal length, whatever its length comes to be, so that an interval can be given and
 * a load that changes is seen. A wait or a hold belongs to the stretch in which it ends.
 */
export class Stretches implements SpanListener {
  readonly spans: SpanHears = {
    attemptFailed: (wait, mode, site, now) => this.at(now).spans.attemptFailed?.(wait, mode, site, now),
    waitEnded: (wait, hold, now) => this.at(now).spans.waitEnded?.(wait, hold, now),
    holdBegan: (hold, now) => this.at(now).spans.holdBegan?.(hold, now),
    holdEnded: (hold, now) => this.at(now).spans.holdEnded?.(hold, now),
    unseenHoldEnded: (at, mode, site, now) => this.at(now).spans.unseenHoldEnded?.(at, mode, site, now),
    stillOpen: {
      hold: (hold, now) => this.at(now).spans.stillOpen?.hold?.(hold, now),
      wait: (wait, now) => this.at(now).spans.stillOpen?.wait?.(wait, now),
    },
  };
  private length = shortest;
  private begin: number | null = null;
  private last: LockStat | null = null;
  private lastUntil = -1;
  /** By the number of the stretch; several of a stretch were of shorter ones. */
  private byNumber = new Map<number, LockStat[]>();

  /** What each came to, in order. @param merge of the parts of one. @param end of the recording, ns. */
  all(merge: (parts: Iterable<Metrics>) => Metrics, end: number): Stretch[] {
    const begin = this.begin ?? 0;
    const n = Math.max(1, Math.ceil((end - begin) / this.length));
    return Array.from({ length: n }, (_, i) => {
      const own = this.byNumber.get(i) ?? [new LockStat([])];
      const from = begin + i * this.length;
      return { from, to: Math.min(end, from + this.length), metrics: merge(own.map((part) => part.metrics())) };
    });
  }

  private at(now: number): LockStat {
    if (this.last !== null && now < this.lastUntil) return this.last;
    this.begin ??= now;
    while (now - this.begin >= most * this.length) this.double();
    const nr = Math.floor((now - this.begin) / this.length);
    const own = new LockStat([]);
    this.byNumber.set(nr, [...(this.byNumber.get(nr) ?? []), own]);
    this.last = own;
    this.lastUntil = this.begin + (nr + 1) * this.length;
    return own;
  }

  /** Two by two they become one of twice the length. */
  private double(): void {
    const parts = new Map<number, LockStat[]>();
    for (const [nr, own] of this.byNumber) {
      const to = Math.floor(nr / 2);
      parts.set(to, [...(parts.get(to) ?? []), ...own]);
    }
    this.byNumber = parts;
    this.length *= 2;
  }
}
