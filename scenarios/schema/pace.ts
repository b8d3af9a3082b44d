/** When the tasks of a group do what they do, whatever that is. */
import { z } from "zod";
import { law } from "./law.ts";
import { duration, maxTasks } from "./quantities.ts";

/** The keys that each role has. */
export const pace = {
  count: z.int().min(1).max(maxTasks).default(1).describe("How many such tasks there are, each with draws of its own."),
  every: law
    .optional()
    .describe(
      "Time from one intended start to the next. After an operation that took longer the next begins at once; slots that passed are counted as missed. Exactly one of every, think and compute is given.",
    ),
  think: law
    .optional()
    .describe(
      "Pause from the end of an operation to the start of the next: a closed loop, which asks less of the lock when its operations wait.",
    ),
  compute: law
    .optional()
    .describe("As think, but the pause is spent computing: it takes a CPU, for which others have to wait."),
  timer_slack: duration
    .default(50_000)
    .describe(
      "How much longer a pause of every or think lasts, as the kernel's timer slack has it; 0ns is a real-time task's. Holds stay as they are, there are fewer of them. Guests of a vcpu do not sleep so.",
    ),
  start: duration
    .optional()
    .describe(
      "When the first operation begins, from the beginning of the run. Without it: with every at a moment of the task's own in the first period, else after a first pause.",
    ),
  once: z.boolean().default(false).describe("The task does one operation and ends."),
};
