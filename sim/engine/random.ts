import seedrandom from "seedrandom";

/**
 * A stream of uniform numbers in [0, 1) for draws that follow one another, named by who draws what. Another entity or
 * purpose never shifts it.
 */
export class Stream {
  private readonly generator: { double(): number };

  constructor(seed: string, entity: string, purpose: string) {
    this.generator = seedrandom.alea(`${seed}/${entity}/${purpose}`);
  }

  uniform(): number {
    return this.generator.double();
  }
}

/** What was drawn last by {@link KeyedDraws.marked}, oldest first: a few seeds of a study. */
const recently = new Map<string, Int32Array>();
const mostRecent = 6;

/**
 * Uniform numbers in [0, 1) that depend on nothing but their key: the n-th IO of page p draws the same latency in every
 * variant, however the runs have drifted apart. Stateless.
 */
export class KeyedDraws {
  private readonly low: number;
  private readonly high: number;

  constructor(seed: string, entity: string, purpose: string) {
    const name = `${seed}/${entity}/${purpose}`;
    this.low = hashText(name, 0x9e3779b9);
    this.high = hashText(name, 0x85ebca6b);
  }

  /** @param i, j the key: whole numbers >= 0, e.g. page and number of the IO. */
  uniform(i: number, j: number): number {
    return this.key(i, j) / 0x20000000000000;
  }

  /**
   * Each `i` below `n` for which `uniform(i, 0)` is below `share`, in order. The same draws, at a third of the price: the upper half of a
   * key decides alone, but for one in 2^27. Drawn once for all runs of a seed, of whatever variant, that follow one another.
   */
  marked(share: number, n: number): Int32Array {
    const asked = `${this.low}/${this.high}/${share}/${n}`;
    const known = recently.get(asked);
    if (known !== undefined) return known;
    const limit = share * 0x20000000000000;
    const limitHigh = Math.floor(limit / 0x4000000);
    const found = new Int32Array(n);
    let count = 0;
    for (let i = 0; i < n; i++) {
      const high = mix(mix(mix(this.low, i), i / 0x100000000), 0) >>> 5;
      if (high < limitHigh || (high === limitHigh && this.key(i, 0) < limit)) found[count++] = i;
    }
    const marked = found.slice(0, count);
    if (recently.size >= mostRecent) recently.delete(recently.keys().next().value as string);
    recently.set(asked, marked);
    return marked;
  }

  /** A number of 53 bits that stands for the key among those of all entities, to be a part of another key. */
  key(i: number, j: number): number {
    const a = mix(mix(mix(this.low, i), i / 0x100000000), j);
    const b = mix(mix(mix(this.high ^ a, j), i), a);
    return (a >>> 5) * 0x4000000 + (b >>> 6);
  }
}

/** One round of a 32-bit avalanche over `word`: multiply, rotate, and the finaliser of the murmur3 family. */
function mix(state: number, word: number): number {
  let k = Math.imul(word | 0, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = state ^ Math.imul(k, 0x1b873593);
  h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hashText(text: string, start: number): number {
  let state = start;
  for (let i = 0; i < text.length; i++) state = mix(state, text.charCodeAt(i));
  return mix(state, text.length);
}
