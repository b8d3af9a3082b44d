/** Values with a unit, names and counts, as they are written in a scenario. */
import { z } from "zod";
import { parseDuration, parsePages, parseShare, UnitError } from "../units.ts";

/** What a value with a unit is a quantity of. */
export type Quantity = "duration" | "size" | "share" | "law";

/** The values with a unit in the schema, whatever they are wrapped in. */
export const quantities = z.registry<{ readonly quantity: Quantity }>();

/** A value read by `read`, whose message becomes the problem. In the JSON Schema it is a string like the examples. */
function quantity(read: (value: unknown) => number, kind: Quantity, description: string, examples: string[]) {
  const schema = z
    .unknown()
    .transform((value, context) => {
      try {
        return read(value);
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        context.addIssue({ code: "custom", message: error.message });
        return z.NEVER;
      }
    })
    .meta({ description, examples });
  quantities.add(schema, { quantity: kind });
  return schema;
}

/** A duration, read as ns. */
export const duration = quantity(parseDuration, "duration", "a duration with its unit", ["10us", "1.5ms", "2s"]);
/** A duration above 0, read as ns. */
export const positive = duration.refine((ns) => ns > 0, "must be longer than 0");
/** A size, read as pages of 4 KiB. */
export const pages = quantity(parsePages, "size", "a size with its unit, in whole pages of 4 KiB", [
  "128KiB",
  "4GiB",
  "8 pages",
]);
/** A share, read as a number from 0 to 1. */
export const share = quantity(parseShare, "share", "a share", ["60%"]);

/** The name of a thing that the scenario has. */
export const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*$/, "a name has small letters, digits, - and _, and begins with a letter or digit");

/** The most tasks of a scenario. */
export const maxTasks = 4096;
/** Pages of the largest mapping: 1 TiB. The state of a page is one byte, which costs memory where there is something to say. */
export const maxPages = 2 ** 28;
/** The size of a mapping. */
export const vmaSize = pages.refine((n) => n <= maxPages, "is more than 1TiB");
