import { z } from "zod";
import type { Scenario } from "../../../sim/scenario.ts";
import { count, time } from "./parts.ts";

const cost = z.object({
  value_ns: time,
  provenance: z.enum(["measured", "published", "guessed"]),
  origin: z.string(),
});

/** Of a recording: see `RecordingFacts`. */
const recording = z.object({
  files: z.array(z.string()),
  lines: count,
  used: count,
  other_events: count,
  unreadable: count,
  too_late: count,
  losses: count,
  lost_events: count,
  stacks: count,
  knows_who_slept: z.boolean(),
  began_before: count,
  overlaps: count,
  stretches: count,
});

/** Of a resolved scenario what reports speak of. The rest is guarded by its hash in results, and by the ids of cells in journals. */
export const scenarioForm = z.object({
  name: z.string().regex(/^[^/\\]+$/, { error: "must be a name without / and \\" }),
  question: z.string(),
  kind: z.enum(["steady", "terminating"]),
  duration_ns: z.number().positive(),
  cpus: z.union([z.int().min(1), z.literal("unlimited")], { error: "expected a number of CPUs, or unlimited" }),
  costs_name: z.string(),
  costs: z.record(z.string(), cost),
  devices: z.record(z.string(), z.looseObject({})),
  mms: z.record(z.string(), z.looseObject({})),
  tasks: z.record(z.string(), z.looseObject({ role: z.string(), count: z.int().min(0) })),
  variants: z.array(z.string()).min(1),
  assumptions: z.array(z.string()),
  expected: z.record(z.string(), z.string()),
  recording: recording.exactOptional(),
}) as unknown as z.ZodType<Scenario>;
