import { z } from "zod";
import { costNames } from "../../sim/costs.ts";
import { law } from "./law.ts";

const costsName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/, "a name of costs has small letters, digits, dots, - and _");

/** CPUs, and what the steps of the model cost. */
export const machine = z.strictObject({
  cpus: z
    .union([z.int().min(1).max(4096), z.literal("unlimited")], {
      error: "expected a whole number from 1 to 4096, or unlimited",
    })
    .default("unlimited")
    .describe(
      "CPUs that all tasks share by the rules of the scheduler: a holder that loses its CPU holds longer, and who is woken may have to wait for one. unlimited: one for each task, and nobody is preempted.",
    ),
  costs: costsName
    .default("server-2014")
    .describe(
      "The file of scenarios/costs that says how long each step of the kernel takes, and so how long a hold without IO is.",
    ),
  cost: z
    .partialRecord(z.enum(costNames), law)
    .default({})
    .describe("Steps that take another time in this scenario, by name."),
});
