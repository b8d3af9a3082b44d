import { UsageError } from "../exit-codes.ts";
import { value, values } from "../options.ts";

/** Most replications of one command. */
const maxSeeds = 10_000;

/** `--seed` and `--seeds`. @param count what is said of the second. */
export function seedOptions(count: string) {
  return { seed: values("a seed; repeat for several"), seeds: value(count) };
}

/**
 * The seeds of a command: those given with `--seed`, or "1" to "N" with `--seeds N`.
 *
 * @param fallback N when neither is given.
 * @throws UsageError for both at once, a number that is none, or a seed given twice.
 */
export function parseSeeds(seed: readonly string[] | undefined, seeds: string | undefined, fallback: number): string[] {
  if (seed !== undefined && seed.length > 0) {
    if (seeds !== undefined) throw new UsageError("--seed and --seeds: give one of them");
    if (new Set(seed).size !== seed.length) throw new UsageError("--seed: the same seed is given twice");
    if (seed.includes("")) throw new UsageError("--seed: a seed must not be empty");
    return [...seed];
  }
  const n = seeds === undefined ? fallback : Number(seeds);
  if (!Number.isInteger(n) || n < 1 || n > maxSeeds) {
    throw new UsageError(`--seeds: expected a whole number from 1 to ${maxSeeds}, got "${seeds}"`);
  }
  return Array.from({ length: n }, (_, i) => String(i + 1));
}
