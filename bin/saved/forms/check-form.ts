import { z } from "zod";
import type { CheckDocument } from "../../../reports/documents/check.ts";
import { count, ending, interval, precision, time, withEnds } from "./parts.ts";

const share = z.number().min(0).max(1).nullable();

const row = z.object({
  metric: z.string(),
  assert: z.string(),
  level: z.enum(["off", "warn", "error"]),
  where: z.string(),
  status: z.enum(["pass", "fail", "inconclusive", "waived", "off"]),
  passed: z.boolean(),
  interval: interval.nullable(),
  at_least: z.boolean(),
  limit: z.number(),
  exceeded: z.number().nullable(),
  p_holm: share,
  wilcoxon: share,
  reason: z.string().nullable(),
  culprit: z.string().nullable(),
});

/** What `check` leaves. */
export const checkForm = z.object({
  schema: z.literal("gupsim/check/v1"),
  scenario: z.string(),
  variant: z.string(),
  seeds: z.array(z.string()),
  ending,
  findings: z.array(z.string()),
  complete: z.boolean(),
  warm_up_ns: time,
  precision: precision.nullable(),
  tests: count,
  passed: z.boolean(),
  rows: z.array(row),
  reproduce: z.string(),
});

/** The document that was saved. */
export function checkOf(saved: z.infer<typeof checkForm>): CheckDocument {
  const rows = saved.rows.map((one) => ({ ...one, interval: one.interval === null ? null : withEnds(one.interval) }));
  return { ...saved, rows };
}
