import { HPAGE_PMD_NR } from "./mm.ts";

/** What a walk of the page tables of some addresses meets. */
export interface Contents {
  /** Page tables of 512 entries that exist, huge pages aside. They stay when their pages go. */
  readonly tables: number;
  /** Those of them whose 2 MiB lie in the range as a whole, or to the end of the mapping. */
  readonly wholeTables: number;
  /** Entries of these tables in the range, empty ones included. */
  readonly slots: number;
  /** Entries that say something: of a page that is there, or of where it went (swap). */
  readonly entries: number;
  /** Such entries of tables that are not in the range as a whole. */
  readonly partEntries: number;
  /** Entries of pages that are there. */
  readonly present: number;
  /** Huge pages. */
  readonly hugePages: number;
}

/** What kind of entry is it: does it say something, and is a page there? */
export interface EntryKinds {
  isOccupied(pte: number): boolean;
  isReadable(pte: number | undefined): boolean;
}

/**
 * The page-table entries of one mapping, with what all walks of them need: where page tables exist, how full each is, and where a huge
 * page stands in the place of one. Counted when first asked for, then kept up by {@link set}.
 *
 * Source: v3.17 and v6.18 mm/pagewalk.c: an upper-level entry that is empty is passed over, a huge one is one step.
 * Left out: the levels above; page tables begin at the first page of the mapping.
 */
export class page_tables {
  readonly pte: Uint8Array;
  private readonly kinds: EntryKinds;
  private readonly huge: Uint8Array;
  private made: Uint8Array | null = null;
  private occupied = new Uint16Array(0);
  private present = new Uint16Array(0);

  constructor(pages: number, kinds: EntryKinds) {
    this.pte = new Uint8Array(pages);
    this.kinds = kinds;
    this.huge = new Uint8Array(Math.ceil(pages / HPAGE_PMD_NR));
  }

  /** Writes an entry. A huge page of which a part changes is split. */
  set(index: number, value: number): void {
    const old = this.pte[index] as number;
    this.pte[index] = value;
    const table = Math.floor(index / HPAGE_PMD_NR);
    const wasHuge = this.huge[table] === 1;
    this.huge[table] = 0;
    const { made } = this;
    if (made === null) return;
    const { kinds, occupied, present } = this;
    const isOccupied = kinds.isOccupied(value);
    (occupied[table] as number) += Number(isOccupied) - Number(kinds.isOccupied(old));
    (present[table] as number) += Number(kinds.isReadable(value)) - Number(kinds.isReadable(old));
    if (isOccupied || wasHuge) made[table] = 1;
  }

  /** The 2 MiB around `index` are one huge page, if they are there as a whole. */
  makeHuge(index: number): void {
    const table = Math.floor(index / HPAGE_PMD_NR);
    const range = this.pte.subarray(table * HPAGE_PMD_NR, (table + 1) * HPAGE_PMD_NR);
    if (range.length === HPAGE_PMD_NR && range.every((pte) => this.kinds.isReadable(pte))) this.huge[table] = 1;
  }

  /** What `pages` pages from `first` have. */
  contents(first = 0, pages = this.pte.length): Contents {
    const made = this.counted();
    const end = Math.min(this.pte.length, first + pages);
    const sum = { tables: 0, wholeTables: 0, slots: 0, entries: 0, partEntries: 0, present: 0, hugePages: 0 };
    for (let table = Math.floor(first / HPAGE_PMD_NR); table * HPAGE_PMD_NR < end; table++) {
      const from = Math.max(first, table * HPAGE_PMD_NR);
      const to = Math.min(end, (table + 1) * HPAGE_PMD_NR);
      const isWhole = from % HPAGE_PMD_NR === 0 && to === Math.min(this.pte.length, (table + 1) * HPAGE_PMD_NR);
      if (this.huge[table] === 1 && isWhole) {
        sum.hugePages++;
      } else if (made[table] === 1 || this.huge[table] === 1) {
        sum.tables++;
        sum.slots += to - from;
        const entries = isWhole ? (this.occupied[table] as number) : this.count(from, to, this.kinds.isOccupied);
        sum.entries += entries;
        if (isWhole) sum.wholeTables++;
        else sum.partEntries += entries;
        sum.present += isWhole ? (this.present[table] as number) : this.count(from, to, this.kinds.isReadable);
      }
    }
    return sum;
  }

  private count(from: number, to: number, is: (pte: number) => boolean): number {
    let n = 0;
    for (let i = from; i < to; i++) if (is(this.pte[i] as number)) n++;
    return n;
  }

  /** Counts what is there, once. Returns which tables exist. */
  private counted(): Uint8Array {
    if (this.made !== null) return this.made;
    const tables = this.huge.length;
    this.made = new Uint8Array(tables);
    this.occupied = new Uint16Array(tables);
    this.present = new Uint16Array(tables);
    for (let table = 0; table < tables; table++) {
      const from = table * HPAGE_PMD_NR;
      const to = Math.min(this.pte.length, from + HPAGE_PMD_NR);
      this.occupied[table] = this.count(from, to, this.kinds.isOccupied);
      this.present[table] = this.count(from, to, this.kinds.isReadable);
      this.made[table] = this.huge[table] === 0 && (this.occupied[table] as number) > 0 ? 1 : 0;
    }
    return this.made;
  }
}
