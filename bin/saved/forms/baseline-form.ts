import { z } from "zod";
import { time, variantName } from "./parts.ts";

const bySeed = z.record(z.string(), z.record(z.string(), z.number().nullable()));

/** What a later check is held against: the values of each statistic, one a seed. */
export const baselineForm = z.object({
  schema: z.literal("gupsim/baseline/v1"),
  version: z.looseObject({ version: z.string() }),
  scenario: z.string(),
  scenario_hash: z.string(),
  variant: variantName,
  warm_up_ns: time,
  /** By `metric aggregate`, then by seed. */
  values: bySeed,
  /** Of those that samples which had not ended may still make larger: at most this, null where nothing limits it. */
  at_most: bySeed.exactOptional(),
});
