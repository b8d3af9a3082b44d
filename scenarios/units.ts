/** A quantity that cannot be read. The message has the value, the rule and what is allowed. */
export class UnitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnitError";
  }
}

const durations: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
};
const sizes: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };
const pageSize = 4096;

/**
 * Reads `10us`, `1.5 ms`, `2s` as whole nanoseconds, rounded.
 *
 * @throws UnitError without a unit, for a negative time, and beyond 104 days, where nanoseconds are no longer exact.
 */
export function parseDuration(text: unknown): number {
  const { value, unit } = split(text, "a duration", Object.keys(durations), "10us");
  const ns = Math.round(value * (durations[unit] as number));
  if (!Number.isSafeInteger(ns)) throw new UnitError(`"${String(text)}" is too long: at most 104 days`);
  return ns;
}

/**
 * Reads `4KiB`, `4GiB`, `1 page`, `8 pages` as a number of pages of 4 KiB.
 *
 * @throws UnitError without a unit, and for a size that is not a whole number of pages, or none.
 */
export function parsePages(text: unknown): number {
  const { value, unit } = split(text, "a size", [...Object.keys(sizes), "pages"], "128KiB", ["page"]);
  const pages = unit.startsWith("page") ? value : (value * (sizes[unit] as number)) / pageSize;
  if (!Number.isSafeInteger(pages) || pages < 1) {
    throw new UnitError(`"${String(text)}" is not a whole number of pages of 4 KiB, at least one`);
  }
  return pages;
}

/**
 * Reads `60%` as 0.6.
 *
 * @throws UnitError without the sign, and outside 0 to 100.
 */
export function parseShare(text: unknown): number {
  const { value } = split(text, "a share", ["%"], "60%");
  if (value > 100) throw new UnitError(`"${String(text)}" is more than 100%`);
  return value / 100;
}

function split(
  text: unknown,
  what: string,
  units: readonly string[],
  example: string,
  more: readonly string[] = [],
): { value: number; unit: string } {
  const wanted = `expected ${what} with a unit such as ${example} (${units.join(", ")})`;
  if (typeof text === "number") throw new UnitError(`${wanted}, got the bare number ${text}`);
  const match = typeof text === "string" ? /^\s*([+-]?\d+(?:\.\d+)?)\s*(\S*)\s*$/.exec(text) : null;
  if (match === null) throw new UnitError(`${wanted}, got ${text === undefined ? "nothing" : JSON.stringify(text)}`);
  const [, number = "", unit = ""] = match;
  if (unit === "") throw new UnitError(`${wanted}, got the bare number ${number}`);
  if (!units.includes(unit) && !more.includes(unit))
    throw new UnitError(`unknown unit "${unit}" in "${text}": ${wanted}`);
  const value = Number(number);
  if (value < 0) throw new UnitError(`"${text}" is negative: ${what} must not be`);
  return { value, unit };
}
