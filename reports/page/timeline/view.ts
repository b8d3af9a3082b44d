/** The part of a window that is seen, ns since its beginning. */
export interface View {
  readonly from: number;
  readonly to: number;
}

const units = [
  ["s", 1e9],
  ["ms", 1e6],
  ["µs", 1e3],
] as const;
/** The least that is shown, ns: costs are tens of ns. */
const least = 200;

/** The view with times closer by `factor` (below 1: further away) around `at`, within 0 and `length`. */
export function zoomed({ from, to }: View, factor: number, at: number, length: number): View {
  const width = Math.min(length, Math.max(least, (to - from) / factor));
  const share = to === from ? 0.5 : (at - from) / (to - from);
  return within({ from: at - share * width, to: at + (1 - share) * width }, length);
}

/** The view moved by a share of its width, to the right when positive. */
export function panned({ from, to }: View, share: number, length: number): View {
  const by = share * (to - from);
  return within({ from: from + by, to: to + by }, length);
}

/** A view that shows all from `from` to `to` with some room around it. */
export function around(from: number, to: number, length: number): View {
  const room = Math.max(least / 2, 0.15 * (to - from));
  return within({ from: from - room, to: to + room }, length);
}

/** Shifts and cuts a view so that it lies inside the window. */
export function within({ from, to }: View, length: number): View {
  const width = Math.min(Math.max(to - from, least), Math.max(length, least));
  const start = Math.min(Math.max(0, from), Math.max(0, length - width));
  return { from: start, to: start + width };
}

/** Round times in a view, about `n` of them, and how they read: in one unit, with as many decimals as tell them apart. */
export function roundTimes({ from, to }: View, n: number): { time: number; label: string }[] {
  const rough = (to - from) / Math.max(1, n);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * decade >= rough) ?? 10) * decade;
  const [unit, ns] = units.find(([, one]) => one <= to) ?? ["ns", 1];
  const decimals = Math.max(0, Math.round(Math.log10(ns) - Math.floor(Math.log10(step) + 1e-9)));
  const times: { time: number; label: string }[] = [];
  for (let i = Math.ceil(from / step); i * step <= to; i++) {
    times.push({ time: i * step, label: `${((i * step) / ns).toFixed(decimals)} ${unit}` });
  }
  return times;
}
