import { z } from "zod";
import { parseShare, UnitError } from "../units.ts";

const share = z
  .unknown()
  .transform((value, context) => {
    try {
      return parseShare(value);
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  })
  .meta({ description: "a share", examples: ["95%"] });

/** A budget as it is written. What its metric and its assertion mean is read by `parseBudget`. */
export const budgetForm = z.strictObject({
  metric: z.string().min(1),
  assert: z.string().min(1),
  level: z.enum(["off", "warn", "error"]).default("error"),
  confidence: share.refine((value) => value >= 0.5 && value < 1, "must be from 50% to below 100%").default(0.95),
  minEffect: share.default(0.02),
  waive: z
    .strictObject({
      until: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-12-31"),
      reason: z.string().min(1),
    })
    .optional(),
});

/** The YAML of a file of budgets. */
export const budgetFile = z.strictObject({
  schema: z.literal("gupsim/budgets/v1"),
  budgets: z.array(budgetForm).min(1),
});

export type BudgetForm = z.output<typeof budgetForm>;
