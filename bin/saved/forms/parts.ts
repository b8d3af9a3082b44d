/** What several saved documents have in common. */
import { z } from "zod";
import type { EndingKind } from "../../../sim/scenario.ts";
import type { Interval } from "../../../sim/study/statistics.ts";
import type { Precision } from "../../../sim/study/outcome/outcome.ts";
import { parseMetricKey } from "../../../sim/measure/metrics/metrics.ts";

/** A time, ns, or a sum of times: not below 0. Beyond 2^53 sums are no whole numbers any more. */
export const time = z.number().min(0);
export const count = z.int().min(0);
export const mode = z.enum(["R", "W"]);
export const texts = z.record(z.string(), z.string());

export const ending: z.ZodType<EndingKind> = z.enum([
  "duration",
  "work-done",
  "deadlock",
  "orphaned-lock",
  "leaked-lock",
  "event-limit",
]);

/** A name of a kernel, which files are called by too. */
export const variantName = z.string().regex(/^\w[\w.+=-]*$/, { error: "must be a variant: PRESET(+AXIS=VALUE)*" });

export const precision: z.ZodType<Precision> = z.object({
  half_width: z.number(),
  reached: z.boolean(),
  reason: z.string().nullable(),
  of: z.array(z.string()),
});

/** An interval as it was calculated. Of a single value it has no ends, which JSON writes as null: see {@link withEnds}. */
export const interval = z.object({
  point: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int().min(1),
  method: z.enum(["t", "log t", "identical"]),
});

/** The interval that was saved. */
export function withEnds(saved: z.infer<typeof interval>): Interval {
  return { ...saved, low: saved.low ?? Number.NEGATIVE_INFINITY, high: saved.high ?? Number.POSITIVE_INFINITY };
}

/** Tasks that piled up at a lock. */
export const convoy = z.object({
  mm: z.string(),
  onset: time,
  trigger: z.object({ task: z.int(), site: z.string(), mode, slept: z.string() }),
  peak: count,
  drain_ns: time,
  waited_ns: time,
  held_ns: time,
});

/** The longest wait of a run. */
export const longWait = z.object({ task: z.int(), mm: z.string(), mode, from: time, to: time, ended: z.boolean() });

/** What is kept by metric. */
export function byMetric<T extends z.ZodType>(form: T) {
  return z.record(z.string(), form).superRefine((metrics, context) => {
    for (const key of Object.keys(metrics)) {
      try {
        parseMetricKey(key);
      } catch (error) {
        context.addIssue({ code: "custom", path: [key], message: (error as Error).message });
      }
    }
  });
}
