/** Laws of durations. */
import { z } from "zod";
import { duration, positive, quantities } from "./quantities.ts";

/** The forms that a law has when it is more than a duration. */
export const lawForms = z.union(
  [
    z.strictObject({ constant: duration.describe("The same time each time, as a duration alone.") }),
    z.strictObject({
      uniform: z
        .strictObject({
          min: duration.describe("The shortest time."),
          max: duration.describe("The longest time."),
        })
        .refine(({ min, max }) => max >= min, "max is less than min")
        .describe("Any time between two is as likely."),
    }),
    z.strictObject({
      exponential: positive.describe("The mean of an exponential law: arrivals that know nothing of each other."),
    }),
    z.strictObject({
      lognormal: z
        .strictObject({
          p50: positive.describe("The median."),
          p99: positive.describe("The time that one in a hundred exceeds."),
        })
        .refine(({ p50, p99 }) => p99 >= p50, "p99 is less than p50")
        .describe("A log-normal law: a body around the median and a tail, as of a device."),
    }),
    z.strictObject({
      pareto: z
        .strictObject({
          min: positive.describe("The shortest time."),
          alpha: z.number().positive().describe("How fast the tail falls: at 1 and below the mean is infinite."),
        })
        .describe("A Pareto law: a heavy tail, in which few long times make up much of the sum."),
    }),
    z.strictObject({
      fio: z.string().min(1).describe("The times that were measured: the JSON output of fio, a file beside this one."),
      job: z.string().optional().describe("The job in that output, needed where it has several names."),
      io: z.enum(["read", "write"]).optional().describe("Which of its operations, where the output has both."),
    }),
    z.strictObject({
      hgrm: z.string().min(1).describe("The times that were measured: a percentile listing of HdrHistogram, a file."),
      unit: z.enum(["ns", "us", "ms", "s"]).optional().describe("The unit of the listing, which does not say it."),
    }),
  ],
  {
    error:
      "expected a duration or one of constant, uniform {min, max}, exponential, lognormal {p50, p99}, pareto {min, alpha}, fio, hgrm",
  },
);

/** A law as it is written. */
export type LawForm = z.output<typeof lawForms>;

/** A law of durations. A duration alone is a constant. */
export const law = z.unknown().transform((value, context): LawForm => {
  if (typeof value !== "object" || value === null) {
    const read = duration.safeParse(value);
    if (read.success) return { constant: read.data };
    context.addIssue({ code: "custom", message: read.error.issues[0]?.message ?? "not a duration" });
    return z.NEVER;
  }
  const form = formOf(value);
  const read = (form ?? lawForms).safeParse(value, { reportInput: true });
  if (read.success) return read.data as LawForm;
  for (const issue of read.error.issues) context.addIssue(issue as never);
  return z.NEVER;
});
quantities.add(law, { quantity: "law" });

/** The member of the union that the first key names, so that its own problems are reported. */
function formOf(value: object): z.ZodType | undefined {
  const [key = ""] = Object.keys(value);
  return lawForms.options.find((option) => Object.keys(option.shape)[0] === key);
}
