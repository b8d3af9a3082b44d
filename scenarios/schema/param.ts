import { z } from "zod";

const plain = z.union([z.string(), z.number()]);

/** A parameter as it is declared: the value at `path`, unless another is set, within `range`. */
export const paramForm = z.strictObject({
  path: z
    .string()
    .regex(/^[a-z_]+(\.[a-z0-9_-]+)+$/, "a path such as devices.swapdev.latency")
    .describe("The value that it stands for, such as devices.swapdev.latency."),
  default: plain.describe("The value where it is not set; it replaces what the file has at the path."),
  range: z.tuple([plain, plain]).optional().describe("The least and the greatest value that may be set."),
});

/** What `params` holds. */
export type ParamForm = z.output<typeof paramForm>;
