import { parseShare, UnitError } from "../../../scenarios/units.ts";
import { UsageError } from "../exit-codes.ts";

/** Seeds to begin with when a precision is asked for and the user does not say. */
export const seedsForPrecision = 10;

/** Reads `--precision 5%`: the half width of each interval, against its value. @throws UsageError for what is none, or with seeds given. */
export function parsePrecision(text: string | undefined, seed: readonly string[]): number | null {
  if (text === undefined) return null;
  if (seed.length > 0) throw new UsageError("--precision chooses seeds itself: leave --seed out");
  try {
    const share = parseShare(text);
    if (share > 0) return share;
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new UsageError(`--precision: ${error.message}`);
  }
  throw new UsageError("--precision: must be more than 0%");
}
