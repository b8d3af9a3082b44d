/** What a real machine was measured to do, for `agree`. */
import { z } from "zod";
import { duration, share } from "./quantities.ts";

/** A duration with its unit (then ns), or a plain number. */
const amount = z.union([z.number(), z.string()]).transform((value, context): number => {
  if (typeof value === "number") return value;
  const read = duration.safeParse(value);
  if (read.success) return read.data;
  context.addIssue({ code: "custom", message: read.error.issues[0]?.message ?? "not a duration" });
  return z.NEVER;
});

const measuredCell = z.strictObject({
  metric: z.string().min(1).describe("The metric it is compared with, with its tags: mmap_sem.wait{mode=R}."),
  stat: z
    .enum(["rate", "count", "mean", "p50", "p90", "p99", "max"])
    .describe("The statistic of it; a rate is per second of simulated time."),
  per: z.string().optional().describe("Another metric: the cell is then a ratio of two counts."),
  value: amount.describe("What was measured, the median of the runs: a duration, or a number of a rate or count."),
  range: z.tuple([amount, amount]).optional().describe("The least and the most of the runs."),
  within: share.optional().describe("It agrees within this share of the measured value."),
  factor: z.number().min(1).optional().describe("It agrees up to so many times more or less."),
  plus: amount.optional().describe("It agrees up to so much more or less."),
  rounds: z
    .strictObject({
      of: z.string().min(1).describe("The metric whose median is one round."),
      number: z
        .union([z.int().min(1), z.literal("any")])
        .describe("How many rounds the value is, or any for 1, 2 or 3."),
      within: share.describe("How near it must come, as a share."),
    })
    .optional()
    .describe("It agrees when it is a whole number of times the median of another metric."),
});

/** The runs on a real machine. */
export const measured = z.strictObject({
  source: z.string().min(1).describe("Which machine and which recording."),
  variant: z.string().min(1).describe("The kernel that ran there, as a variant: it is the one that is compared."),
  cells: z.record(z.string().min(1), measuredCell).describe("What is compared, by name."),
});
