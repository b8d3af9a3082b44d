import { z } from "zod";
import type { ResultDocument } from "../../../reports/documents/result.ts";
import { comparedStats } from "../../../sim/study/outcome/seed-values.ts";
import { problemsIn } from "../read-document.ts";
import { budgetForm } from "./budget-form.ts";
import { exact, hdrProblem } from "./histogram-form.ts";
import { byMetric, convoy, count, ending, longWait, precision, texts, time, variantName } from "./parts.ts";
import { scenarioForm } from "./scenario-form.ts";

const statistics = ["min", "max", "mean", "p50", "p90", "p99", "p99_9"] as const;
const numbers = z.record(z.string(), time.nullable());

const distribution = z
  .object({
    unit: z.literal("ns"),
    count,
    sum: time,
    min: time.nullable(),
    max: time.nullable(),
    mean: time.nullable(),
    p50: time.nullable(),
    p90: time.nullable(),
    p99: time.nullable(),
    p99_9: time.nullable(),
    hdr: z.string().nullable(),
    open: z.object({ count: count.min(1), min: time, max: time, sum: time }).exactOptional(),
    at_most: numbers.exactOptional(),
    open_hdr: z.string().exactOptional(),
    ended: exact.exactOptional(),
  })
  .superRefine((metric, context) => {
    const wrong = (key: string, message: string): void => context.addIssue({ code: "custom", path: [key], message });
    const { open, open_hdr, hdr, ended } = metric;
    for (const stat of statistics) {
      if ((metric[stat] === null) !== (metric.count === 0)) wrong(stat, "must be null without samples, and only then");
    }
    if ((open === undefined) !== (open_hdr === undefined) || (open === undefined) !== (ended === undefined))
      return wrong("open", "open, open_hdr and ended are there together or not at all");
    const samples = metric.count - (open?.count ?? 0);
    if ((hdr === null) !== (samples === 0)) return wrong("hdr", "must be null where no sample ended, and only there");
    const ofEnded = hdr === null ? null : hdrProblem(hdr, samples);
    if (ofEnded !== null) wrong("hdr", ofEnded);
    const ofOpen = open === undefined || open_hdr === undefined ? null : hdrProblem(open_hdr, open.count);
    if (ofOpen !== null) wrong("open_hdr", ofOpen);
  });

const total = z.object({ unit: z.literal("ns"), count, sum: time, max: time });
const counted = z.object({ unit: z.literal("1"), count });

/** A distribution, a sum or a count, told by what it has. */
const metric = z.looseObject({ unit: z.enum(["ns", "1"]) }).superRefine((one, context) => {
  const form = one.unit === "1" ? counted : "hdr" in one || "mean" in one ? distribution : total;
  for (const { path, message } of problemsIn(one, form)) context.addIssue({ code: "custom", path, message });
});

const ofSeed = { seed: z.string() };

const compared = z.object(Object.fromEntries(comparedStats.map((stat) => [stat, time.nullable()])));

const seedValues = z.object({
  seed: z.string(),
  values: byMetric(compared),
  judged: numbers.exactOptional(),
  at_most: numbers.exactOptional(),
});

/** What `run` and `compare` leave of a variant. */
export const resultForm = z
  .object({
    schema: z.literal("gupsim/result/v1"),
    complete: z.boolean(),
    ending,
    findings: z.array(z.string()),
    version: z.looseObject({ version: z.string() }).and(texts),
    scenario: scenarioForm,
    scenario_hash: z.string(),
    variant: variantName,
    preset: z.string(),
    axes: texts,
    seeds: z.array(z.string()),
    warm_up_ns: time,
    warm_up_refused: z.string().exactOptional(),
    precision: precision.nullable(),
    simulated_ns: time,
    events: count,
    warnings: z.array(z.string()),
    reproduce: z.string(),
    budgets: z.array(budgetForm),
    metrics: byMetric(metric),
    convoys: z.array(convoy.extend(ofSeed)),
    longest_wait: longWait.extend(ofSeed).nullable(),
    by_seed: z.array(seedValues),
  })
  .superRefine((result, context) => {
    if (JSON.stringify(result.by_seed.map(({ seed }) => seed)) !== JSON.stringify(result.seeds))
      context.addIssue({
        code: "custom",
        path: ["by_seed"],
        message: "must have the seeds of `seeds`, in their order",
      });
  }) as unknown as z.ZodType<ResultDocument>;
