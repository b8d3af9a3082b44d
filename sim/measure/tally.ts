import { addCount, type Metrics, metricKey } from "./metrics/metrics.ts";

interface Row {
  readonly outer: string;
  readonly inner: string;
  n: number;
}

/** Rows that are compared one by one before the maps are asked: mostly there are no more, and comparing costs less than hashing. */
const mostCompared = 8;

/** A count by two tags, incremented without building a key. */
export class Tally {
  private readonly name: string;
  private readonly outer: string;
  private readonly inner: string;
  private readonly rows = new Map<string, Map<string, Row>>();
  /** The first rows of all. */
  private readonly first: Row[] = [];

  /** @param outer, inner the names of the tags; `inner` is "" for a count by one tag, and both for a plain count. */
  constructor(name: string, outer: string, inner: string) {
    this.name = name;
    this.outer = outer;
    this.inner = inner;
  }

  /** @param outer, inner the values of the tags, "" for a tag that the tally does not have. */
  add(outer: string, inner: string, n: number): void {
    const { first } = this;
    for (let i = 0; i < first.length; i++) {
      const row = first[i] as Row;
      if (row.inner === inner && row.outer === outer) {
        row.n += n;
        return;
      }
    }
    this.row(outer, inner).n += n;
  }

  /** Adds every count that was ever incremented to `metrics`. */
  addTo(metrics: Metrics): void {
    for (const rows of this.rows.values()) {
      for (const { outer, inner, n } of rows.values()) {
        const tags: Record<string, string> = {};
        if (this.outer !== "") tags[this.outer] = outer;
        if (this.inner !== "") tags[this.inner] = inner;
        addCount(metrics, metricKey(this.name, tags), n);
      }
    }
  }

  private row(outer: string, inner: string): Row {
    let rows = this.rows.get(outer);
    if (rows === undefined) {
      rows = new Map();
      this.rows.set(outer, rows);
    }
    let row = rows.get(inner);
    if (row === undefined) {
      row = { outer, inner, n: 0 };
      rows.set(inner, row);
      if (this.first.length < mostCompared) this.first.push(row);
    }
    return row;
  }
}
