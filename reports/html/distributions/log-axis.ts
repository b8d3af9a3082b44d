/** A logarithmic axis of times. */
export interface LogAxis {
  /** Where a time of at least 1 ns is drawn; times beyond the ends are drawn at the ends. */
  at(ns: number): number;
  /** The powers of ten from end to end, with the place and the label of each. */
  readonly decades: readonly { readonly at: number; readonly label: string }[];
}

const labels = [
  "1 ns",
  "10 ns",
  "100 ns",
  "1 µs",
  "10 µs",
  "100 µs",
  "1 ms",
  "10 ms",
  "100 ms",
  "1 s",
  "10 s",
  "100 s",
];

/**
 * An axis from `left` to `right` over the decades that hold all `times`, those of 0 left aside; at least one decade.
 *
 * @param times ns
 */
export function logAxis(times: readonly number[], left: number, right: number): LogAxis {
  const some = times.filter((ns) => ns > 0).map((ns) => Math.log10(ns));
  const first = some.length === 0 ? 3 : Math.floor(Math.min(...some) + 1e-9);
  const last = some.length === 0 ? 6 : Math.max(first + 1, Math.ceil(Math.max(...some) - 1e-9));
  const at = (ns: number): number => {
    const share = (Math.log10(Math.max(ns, 1)) - first) / (last - first);
    return round(left + (right - left) * Math.min(1, Math.max(0, share)));
  };
  const decades = Array.from({ length: last - first + 1 }, (_, i) => ({
    at: at(10 ** (first + i)),
    label: labels[first + i] ?? `10^${first + i} ns`,
  }));
  return { at, decades };
}

/** A coordinate with one decimal: what a screen can show, and no more bytes than that. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
