import { z } from "zod";
import type { RuleSummary } from "../../../sim/study/plan/rules.ts";
import { count, time, variantName } from "./parts.ts";

const figures = z.object({
  rule: z.string(),
  ending: z.string(),
  reader_wait_p99_ns: time.nullable(),
  writer_wait_p99_ns: time.nullable(),
  reader_hold_p99_ns: time.nullable(),
  hold_io_p99_ns: time.nullable(),
});

const rule: z.ZodType<RuleSummary> = z.object({
  candidate: z.string(),
  seed: z.string(),
  figures: z.array(figures),
});

/** Of a comparison what a report takes: its variants, each of which has a result beside it, and what each rule does alone. */
export const compareForm = z.object({
  schema: z.literal("gupsim/compare/v1"),
  seeds_asked: count.nullable().exactOptional(),
  variants: z.array(z.object({ variant: variantName })).min(1),
  rules: z.array(rule),
});
