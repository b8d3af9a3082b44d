import type { Cell } from "./cell.ts";
import type { CellGroup } from "./plan.ts";

/** One cell that is wanted, and where it belongs: its group, and its place there. */
export interface Wanted {
  readonly cell: Cell;
  readonly group: number;
  readonly place: number;
}

/**
 * Takes the results of groups of cells in whatever order they are finished, and merges each group when it has all of its own, in the
 * order of its cells. A group that is merged lets go of its results, so that a study needs the memory of what is unfinished, not of all.
 */
export class Gathering {
  /** All cells, in the order in which they are wanted. */
  readonly wanted: readonly Wanted[];
  /** What the groups came to, in their order; null while cells are missing. */
  readonly values: unknown[];
  private readonly groups: readonly CellGroup<unknown>[];
  private readonly results: unknown[][];
  private readonly missing: number[];
  private told = 0;
  private readonly tell: (value: unknown, group: number) => void;

  /** @param tell hears what each group came to, in the order of the groups, as soon as those before it are done too. */
  constructor(groups: readonly CellGroup<unknown>[], tell: (value: unknown, group: number) => void = () => {}) {
    this.groups = groups;
    this.tell = tell;
    this.wanted = groups.flatMap(({ cells }, group) => cells.map((cell, place) => ({ cell, group, place })));
    this.values = groups.map(() => null);
    this.results = groups.map(({ cells }) => new Array<unknown>(cells.length));
    this.missing = groups.map(({ cells }) => cells.length);
    for (const [group, left] of this.missing.entries()) if (left === 0) this.merge(group);
  }

  /** Takes the result of a cell, each once. */
  add({ group, place }: Wanted, result: unknown): void {
    (this.results[group] as unknown[])[place] = result;
    this.missing[group] = (this.missing[group] as number) - 1;
    if (this.missing[group] === 0) this.merge(group);
  }

  private merge(group: number): void {
    // The results are those that the group's own cells ask for.
    this.values[group] = (this.groups[group] as CellGroup<unknown>).merge(this.results[group] as never);
    this.results[group] = [];
    for (; this.told < this.groups.length && this.missing[this.told] === 0; this.told++) {
      this.tell(this.values[this.told], this.told);
    }
  }
}
