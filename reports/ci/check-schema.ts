import { z } from "zod";

const interval = z.strictObject({
  point: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int().min(1),
  method: z.enum(["t", "log t", "identical"]),
});

/** A budget in the document, and what became of it. */
export const checkRow = z.strictObject({
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
  p_holm: z.number().min(0).max(1).nullable(),
  wilcoxon: z.number().min(0).max(1).nullable(),
  reason: z.string().nullable(),
  culprit: z.string().nullable(),
});

/** What `check --format json` prints. */
export const checkDocumentForm = z.strictObject({
  schema: z.literal("gupsim/check/v1"),
  scenario: z.string(),
  variant: z.string(),
  seeds: z.array(z.string()),
  ending: z.enum(["duration", "work-done", "deadlock", "orphaned-lock", "leaked-lock", "event-limit"]),
  findings: z.array(z.string()),
  complete: z.boolean(),
  warm_up_ns: z.int().min(0),
  precision: z
    .strictObject({
      half_width: z.number(),
      reached: z.boolean(),
      reason: z.string().nullable(),
      of: z.array(z.string()),
    })
    .nullable(),
  tests: z.int().min(0),
  passed: z.boolean(),
  rows: z.array(checkRow),
  reproduce: z.string(),
});

/** The JSON Schema (draft 2020-12) of what `check --format json` prints. An end of an interval that is infinite is null there. */
export function checkJsonSchema(): unknown {
  return z.toJSONSchema(checkDocumentForm);
}
