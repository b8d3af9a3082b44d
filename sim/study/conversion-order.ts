/**
 * In which order to do things that can be done in any order. A set of them is a number, with bit `i` for the `i`-th; its cost is what
 * is left to pay while just these are done.
 */

/** With so many or fewer every set is looked at, 2^8 of them. */
export const mostForAllSets = 8;

/** Every set of `n` things, the empty one first. */
export function allSets(n: number): number[] {
  return Array.from({ length: 2 ** n }, (_, set) => set);
}

/** The sets that an order passes through, from the empty one to all of it. */
export function prefixes(order: readonly number[]): number[] {
  let set = 0;
  return [0, ...order.map((i) => (set |= 1 << i))];
}

/** What is paid on the way: the costs of all sets that an order passes through, added up. */
export function costOfOrder(order: readonly number[], cost: (set: number) => number): number {
  return prefixes(order).reduce((sum, set) => sum + cost(set), 0);
}

/**
 * The order of all `n` things that pays least on the way, by dynamic programming over the sets: the best order that ends in a set ends
 * with one of its things. Of equal orders the one that takes the first things last.
 *
 * @param n at most {@link mostForAllSets} in practice: every set is asked for.
 */
export function bestOrder(n: number, cost: (set: number) => number): number[] {
  const paid = new Float64Array(2 ** n);
  const last = new Int32Array(2 ** n).fill(-1);
  for (const set of allSets(n)) {
    if (set !== 0) paid[set] = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      if ((set & (1 << i)) === 0) continue;
      const before = paid[set & ~(1 << i)] as number;
      if (before >= (paid[set] as number)) continue;
      paid[set] = before;
      last[set] = i;
    }
    paid[set] = (paid[set] as number) + cost(set);
  }
  const order: number[] = [];
  for (let set = 2 ** n - 1; set !== 0; set &= ~(1 << (last[set] as number))) order.unshift(last[set] as number);
  return order;
}

/** The sets that are one thing more than `set`. */
export function oneMore(n: number, set: number): number[] {
  return Array.from({ length: n }, (_, i) => set | (1 << i)).filter((more) => more !== set);
}

/**
 * Takes at each step what lowers the cost most, the first of equals. It stops where a cost is not known, so that those of the next
 * step ({@link oneMore}) can be found out.
 */
export function greedyOrder(n: number, cost: (set: number) => number | undefined): number[] {
  const order: number[] = [];
  for (let set = 0; order.length < n; ) {
    let least = Number.POSITIVE_INFINITY;
    let next = -1;
    for (const more of oneMore(n, set)) {
      const value = cost(more);
      if (value === undefined) return order;
      if (value >= least) continue;
      least = value;
      next = more;
    }
    order.push(31 - Math.clz32(next & ~set));
    set = next;
  }
  return order;
}
