const units = ["ns", "µs", "ms", "s"] as const;

/**
 * A duration in ns for people: three significant digits in the unit that fits, `850 ns`, `9.80 µs`, `1.31 ms`, `12.0 s`.
 * `null`, a statistic of nothing, is `-`.
 */
export function formatDuration(ns: number | null): string {
  if (ns === null) return "-";
  if (ns < 0) return `-${formatDuration(-ns)}`;
  if (ns === 0) return "0 ns";
  let value = ns;
  for (const unit of units) {
    const text = unit === "ns" && Number.isInteger(value) ? String(value) : threeDigits(value);
    // 999.6 µs would read "1000 µs".
    if (unit === "s" || Number(text) < 1000) return `${groupDigits(text)} ${unit}`;
    value /= 1000;
  }
  throw new RangeError(`not a duration: ${ns}`);
}

/**
 * Two durations that are read side by side: as {@link formatDuration}, or as raw ns when they differ and would print alike.
 */
export function formatDurations(a: number | null, b: number | null): [string, string] {
  const texts: [string, string] = [formatDuration(a), formatDuration(b)];
  if (a === null || b === null || a === b || texts[0] !== texts[1]) return texts;
  return [`${groupDigits(String(a))} ns`, `${groupDigits(String(b))} ns`];
}

/** A whole number with thousands separators: `1,234,567`. */
export function formatCount(n: number): string {
  return groupDigits(String(n));
}

/** A non-negative number with three significant digits, and all digits before the point: `0.0172`, `1.50`, `12.3`, `58,012`. */
export function threeSignificant(value: number): string {
  if (value === 0) return "0";
  return groupDigits(value < 1 ? value.toPrecision(3) : threeDigits(value));
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value.toFixed(value < 99.95 ? 1 : 0);
}

function groupDigits(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
