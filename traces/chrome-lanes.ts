/** A stretch of time on a timeline, ns. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** May spans of a lane lie inside one another, or only after one another? */
export type Packing = "nested" | "apart";

/**
 * Lanes of a timeline on which no two spans overlap, unless one lies inside the other and `nested` is allowed. Greedy: a span goes
 * to the first lane that has room. Spans must come in the order of {@link byBegin}.
 */
export class Lanes {
  private readonly packing: Packing;
  /** For each lane the ends of the spans that are open, the innermost last. */
  private readonly open: number[][] = [];

  constructor(packing: Packing) {
    this.packing = packing;
  }

  /** The lane of a span, from 0. */
  place(span: Span): number {
    for (let lane = 0; ; lane++) {
      const ends = this.roomIn(lane, span);
      if (ends === null) continue;
      ends.push(span.to);
      return lane;
    }
  }

  /** Puts the span on the first lane; false, and nothing done, when it has no room. */
  placeFirst(span: Span): boolean {
    const ends = this.roomIn(0, span);
    ends?.push(span.to);
    return ends !== null;
  }

  private roomIn(lane: number, { from, to }: Span): number[] | null {
    let ends = this.open[lane];
    if (ends === undefined) {
      ends = [];
      this.open[lane] = ends;
    }
    while ((ends.at(-1) ?? Number.POSITIVE_INFINITY) <= from) ends.pop();
    const innermost = ends.at(-1);
    return innermost === undefined || (this.packing === "nested" && to <= innermost) ? ends : null;
  }
}

/** Earlier first, of those that begin together the longer one. */
export function byBegin(a: Span, b: Span): number {
  return a.from - b.from || b.to - a.to;
}
