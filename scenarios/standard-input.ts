import { readFileSync } from "node:fs";

/** What a command line or a scenario calls standard input. */
const dash = "-";
/** How it is named in messages, and where a command line parser would take the dash for an option without a name. */
export const standardInput = "<stdin>";

/** What was read from it, by whom: it can be read once. */
let taken: { readonly bytes: Uint8Array; readonly as: string } | null = null;

/** Whether a file name stands for standard input. */
export function isStandardInput(name: string): boolean {
  return name === dash || name === standardInput;
}

/**
 * All of standard input. The same reader may ask again and gets the same bytes.
 *
 * @param as what it is read as: "the scenario", the path of a law.
 * @throws Error when it was read as something else before, or cannot be read.
 */
export function readStandardInput(as: string): Uint8Array {
  if (taken !== null && taken.as !== as) throw new Error(`standard input was read as ${taken.as} already`);
  taken ??= { bytes: readFileSync(0), as };
  return taken.bytes;
}
