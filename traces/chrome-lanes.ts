/** A stretch of time on a timeline, ns. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Whether spans of a lane may lie inside one another, or only after one another. */
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

/**
 * Where the spans of one lane end when they are drawn, in their order, so that they still nest for viewers that round. `ts` and `dur`
 * are decimal microseconds: Perfetto cuts each down to whole ns after a multiplication, so that an end may come out 2 ns early and a
 * begin 1 ns; others add them as doubles, so that an end may come out late by a trifle. Where two spans cross, Perfetto drops one.
 * So a span that another follows at once ends 1 ns early, and one inside another at least 2 ns before that.
 *
 * @param spans of a lane of {@link Lanes}, in the order of {@link byBegin}.
 */
export function drawnEnds(spans: readonly Span[]): number[] {
  const begins = new Set(spans.map(({ from }) => from));
  const open: { readonly to: number; readonly drawn: number }[] = [];
  return spans.map(({ from, to }) => {
    while ((open.at(-1)?.to ?? Number.POSITIVE_INFINITY) <= from) open.pop();
    const outer = open.at(-1)?.drawn ?? Number.POSITIVE_INFINITY;
    const drawn = Math.min(begins.has(to) ? to - 1 : to, outer - 2);
    open.push({ to, drawn });
    return drawn;
  });
}
