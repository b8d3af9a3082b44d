import { z } from "zod";
import { parseVariant } from "../../../sim/kernels/variant.ts";
import { budgetForm } from "./budget-form.ts";
import { bucketsForm } from "./histogram-form.ts";
import { byMetric, convoy, count, ending, longWait, texts, time, variantName } from "./parts.ts";
import { scenarioForm } from "./scenario-form.ts";

const replication = z.object({
  variant: variantName,
  preset: z.string(),
  axes: texts,
  seed: z.string(),
  ending,
  findings: z.array(z.string()),
  warm_up_ns: time,
  simulated_ns: z.number().positive(),
  events: count,
  convoys: z.array(convoy),
  longest_wait: longWait.nullable(),
  histograms: byMetric(bucketsForm),
  open: byMetric(bucketsForm),
  totals: byMetric(z.object({ count, sum: time, max: time })),
  counts: byMetric(count),
});

const hold = z.object({ end: time, held: time });
const warmUp = z.object({ cut_ns: time, rising: z.array(hold), falling: z.array(hold) });

const byMode = z.object({ R: time, W: time });
const loadSteps = z.object({
  seed: z.string(),
  ending,
  findings: z.array(z.string()),
  steps: z.array(
    z.object({
      load: z.number().positive(),
      from_ns: time,
      to_ns: time,
      operations: count,
      acquisitions: byMode,
      waited_ns: byMode,
    }),
  ),
});

/** A finished cell. What was measured is part of its id; each kind of result is told by what it has. */
const cellLine = z.object({
  type: z.literal("cell"),
  id: z.string(),
  context: z.string(),
  result: z.union([replication, warmUp, loadSteps]),
});

const studyLine = z.object({
  type: z.literal("study"),
  version: z.looseObject({ version: z.string() }),
  scenario: scenarioForm,
  budgets: z.array(budgetForm),
  variants: z.array(z.string().refine(isBuilt)).min(1),
  seeds: z.array(z.string()),
  from_ns: time,
  reproduce: z.string(),
});

/** Is it a kernel that this version has? */
function isBuilt(variant: string): boolean {
  try {
    parseVariant(variant);
    return true;
  } catch {
    return false;
  }
}

/** A line of a journal. */
export const journalLine = z.discriminatedUnion("type", [cellLine, studyLine]);
