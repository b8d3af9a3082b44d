import type { Choices } from "../../sim/engine/choices.ts";

/** Follows a list of choices, then the first of each; remembers how many there were at each point. */
class Path implements Choices {
  readonly taken: number[] = [];
  readonly widths: number[] = [];
  private readonly prefix: readonly number[];

  constructor(prefix: readonly number[]) {
    this.prefix = prefix;
  }

  pick(due: readonly number[]): number {
    const chosen = this.prefix[this.taken.length] ?? 0;
    this.taken.push(chosen);
    this.widths.push(due.length);
    return chosen;
  }
}

/**
 * Runs `world` once for every sequence of choices that it can meet, and returns what each run returned.
 *
 * @throws Error when there are more than `limit` runs.
 */
export function explore<T>(world: (choices: Choices) => T, limit = 100_000): T[] {
  const outcomes: T[] = [];
  let prefix: number[] | null = [];
  while (prefix !== null) {
    if (outcomes.length >= limit) throw new Error(`more than ${limit} orders`);
    const path: Path = new Path(prefix);
    outcomes.push(world(path));
    prefix = successor(path);
  }
  return outcomes;
}

/** The next sequence of choices in lexical order; null after the last. */
function successor({ taken, widths }: Path): number[] | null {
  for (let at = taken.length - 1; at >= 0; at--) {
    if ((taken[at] as number) + 1 < (widths[at] as number)) return [...taken.slice(0, at), (taken[at] as number) + 1];
  }
  return null;
}
