import { binsPerOctave, type PageLine } from "../data.ts";

/** What stands for no value on a log axis: below everything that is drawn. */
export const nothing = 1e-9;
/** Bins of a histogram in a power of two. */
const coarse = 4;

/** Lines over one another as a plot takes them: the common x, ns, and for each line its y, percent. */
export interface PlotData {
  readonly x: number[];
  readonly lines: readonly number[][];
}

/** Shares of all values in bins of a quarter octave, from the beginning of each bin on. */
export function histogram(lines: readonly PageLine[]): PlotData {
  const counts = lines.map((line) => {
    const own = new Map<number, number>();
    for (const [bin, count] of binsOf(line)) {
      const at = Math.floor((bin * coarse) / binsPerOctave);
      own.set(at, (own.get(at) ?? 0) + count);
    }
    return own;
  });
  const all = counts.flatMap((own) => [...own.keys()]);
  if (all.length === 0) return { x: [], lines: lines.map(() => []) };
  const [first, last] = [Math.min(...all) - 1, Math.max(...all) + 1];
  const bins = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return {
    x: bins.map((bin) => 2 ** (bin / coarse)),
    lines: counts.map((own, i) => bins.map((bin) => (100 * (own.get(bin) ?? 0)) / (lines[i]?.n || 1) || nothing)),
  };
}

/** The share of all values, zeros included, that lie above a time, at the ends of the bins of all lines. */
export function tail(lines: readonly PageLine[]): PlotData {
  const ends = new Set<number>();
  for (const line of lines) {
    for (const [bin] of binsOf(line)) {
      ends.add(bin);
      ends.add(bin + 1);
    }
  }
  const bins = [...ends].sort((a, b) => a - b);
  const first = 2 ** ((bins[0] ?? 0) / binsPerOctave);
  // From the beginning of the decade on, so that the share of those who waited at all is read at the edge.
  return {
    x: [10 ** Math.floor(Math.log10(first) - 1e-9), ...bins.map((bin) => 2 ** (bin / binsPerOctave))],
    lines: lines.map((line) => {
      const own = new Map(binsOf(line));
      let above = line.n - line.zeros;
      const share = (): number => (100 * above) / (line.n || 1) || nothing;
      return [
        share(),
        ...bins.map((bin) => {
          above -= own.get(bin - 1) ?? 0;
          return share();
        }),
      ];
    }),
  };
}

/** The bins of a line and how many values are in each. */
export function binsOf({ bins }: PageLine): [number, number][] {
  const found: [number, number][] = [];
  let bin = 0;
  for (let i = 0; i < bins.length; i += 2) {
    bin += bins[i] as number;
    found.push([bin, bins[i + 1] as number]);
  }
  return found;
}
