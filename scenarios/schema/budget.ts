import { z } from "zod";
import { share } from "./quantities.ts";

/** A budget as it is written. What its metric and its assertion mean is read by `parseBudget`. */
export const budgetForm = z.strictObject({
  metric: z.string().min(1).describe("What is looked at: a metric with its tags, such as mmap_sem.wait{mode=R}."),
  assert: z
    .string()
    .min(1)
    .describe('What must hold: "p99 <= 1ms", "count == 0", "share(>10ms) < 1%", "mean <= baseline + 5%".'),
  level: z
    .enum(["off", "warn", "error"])
    .default("error")
    .describe("off: not looked at; warn: told, and no failure; error: check fails."),
  confidence: share
    .refine((value) => value >= 0.5 && value < 1, "must be from 50% to below 100%")
    .default(0.95)
    .describe("How sure a verdict must be before it is pass or fail, and not inconclusive."),
  minEffect: share
    .default(0.02)
    .describe("The least change against the baseline itself that counts as one; other limits take no notice of it."),
  waive: z
    .strictObject({
      until: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-12-31")
        .describe("The last day on which a failure is waived."),
      reason: z.string().min(1).describe("Why; it is printed with the verdict."),
    })
    .optional()
    .describe("A failure is told and does not fail the check, up to a day."),
});

/** The YAML of a file of budgets. */
export const budgetFile = z.strictObject({
  schema: z.literal("gupsim/budgets/v1"),
  budgets: z.array(budgetForm).min(1),
});

export type BudgetForm = z.output<typeof budgetForm>;
