import { z } from "zod";
import type { CheckDocument } from "../../../reports/documents/check.ts";
import { checkDocumentForm, checkRow } from "../../../reports/ci/check-schema.ts";
import { interval, precision, withEnds } from "./parts.ts";

// A saved document may have more than its JSON Schema says: readers take what they know.
const row = z.object({ ...checkRow.shape, interval: interval.nullable() });

/** What `check` leaves. */
export const checkForm = z.object({
  ...checkDocumentForm.shape,
  precision: precision.nullable(),
  rows: z.array(row),
});

/** The document that was saved. */
export function checkOf(saved: z.infer<typeof checkForm>): CheckDocument {
  const rows = saved.rows.map((one) => ({ ...one, interval: one.interval === null ? null : withEnds(one.interval) }));
  return { ...saved, rows };
}
