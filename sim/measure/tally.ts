import { addCount, type Metrics, metricKey } from "./metrics/metrics.ts";

/** A count by two tags, incremented without building a key. */
export class Tally {
  private readonly name: string;
  private readonly outer: string;
  private readonly inner: string;
  private readonly counts = new Map<string, Map<string, number>>();

  /** @param outer, inner the names of the tags; `inner` is "" for a count by one tag, and both for a plain count. */
  constructor(name: string, outer: string, inner: string) {
    this.name = name;
    this.outer = outer;
    this.inner = inner;
  }

  /** @param outer, inner the values of the tags, "" for a tag that the tally does not have. */
  add(outer: string, inner: string, n: number): void {
    let counts = this.counts.get(outer);
    if (counts === undefined) {
      counts = new Map();
      this.counts.set(outer, counts);
    }
    counts.set(inner, (counts.get(inner) ?? 0) + n);
  }

  /** Adds every count that was ever incremented to `metrics`. */
  addTo(metrics: Metrics): void {
    for (const [outer, counts] of this.counts) {
      for (const [inner, n] of counts) {
        const tags: Record<string, string> = {};
        if (this.outer !== "") tags[this.outer] = outer;
        if (this.inner !== "") tags[this.inner] = inner;
        addCount(metrics, metricKey(this.name, tags), n);
      }
    }
  }
}
