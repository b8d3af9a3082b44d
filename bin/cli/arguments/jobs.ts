import { UsageError } from "../exit-codes.ts";

/** Most threads. */
const maxJobs = 256;

/** How many cells run at once: `--jobs N`. @throws UsageError for a number that is none. */
export function parseJobs(text: string | undefined): number {
  const n = text === undefined ? 1 : Number(text);
  if (!Number.isInteger(n) || n < 1 || n > maxJobs) {
    throw new UsageError(`--jobs: expected a whole number from 1 to ${maxJobs}, got "${text}"`);
  }
  return n;
}
