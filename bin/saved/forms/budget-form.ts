import { z } from "zod";
import type { Budget } from "../../../sim/study/budget.ts";
import { texts } from "./parts.ts";

const aggregate = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["count", "rate", "sum_rate", "mean", "min", "max"]) }),
  z.object({ kind: z.literal("percentile"), p: z.number().min(0).max(100) }),
  z.object({ kind: z.literal("share"), above_ns: z.number() }),
]);

const limit = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("absolute"), value: z.number() }),
  z.object({ kind: z.literal("baseline"), factor: z.number() }),
]);

/** A budget as it was resolved. */
export const budgetForm: z.ZodType<Budget> = z.object({
  metric: z.string(),
  name: z.string(),
  tags: texts,
  aggregate,
  assert: z.string(),
  op: z.enum(["<=", "<", ">=", ">", "=="]),
  limit,
  level: z.enum(["off", "warn", "error"]),
  confidence: z.number().gt(0).lt(1),
  minEffect: z.number(),
  waiver: z.object({ until: z.string(), reason: z.string() }).nullable(),
  where: z.string(),
});
