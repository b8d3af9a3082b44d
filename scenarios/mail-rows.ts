import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { readBundled } from "./library.ts";

/** One numbered statement of the mail of 26 Sep 2014, and what shows it. */
export interface MailRow {
  /** `S1` to `S137`. */
  readonly row: string;
  /** A few words of it, to find the place. */
  readonly says: string;
  /** Bundled scenarios by name. */
  readonly scenarios: readonly string[];
  /** Tests by title. */
  readonly tests: readonly string[];
}

const rows = z.record(
  z.string().regex(/^S\d+$/),
  z.strictObject({
    says: z.string().min(1),
    scenarios: z.array(z.string()).default([]),
    tests: z.array(z.string()).default([]),
  }),
);

/** The rows in their order. */
export function mailRows(): MailRow[] {
  const read = rows.parse(parseYaml(readBundled("mail/rows.yaml")));
  return Object.entries(read).map(([row, rest]) => ({ row, ...rest }));
}
