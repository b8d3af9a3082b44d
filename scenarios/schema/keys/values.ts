/** What a key takes, and what it has by itself, in the words of a scenario. */
import { z } from "zod";
import { type Quantity, quantities } from "../quantities.ts";

const quantityWords: Readonly<Record<Quantity, string>> = {
  duration: "a duration (ns, us, ms, s, min)",
  size: "a size (KiB, MiB, GiB, TiB, pages)",
  share: "a share (%)",
  law: "a duration or a law",
};

/** What a value may be. */
export function takes(schema: z.ZodType): string {
  const quantity = quantities.get(schema)?.quantity;
  if (quantity !== undefined) return quantityWords[quantity];
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return takes(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodEnum) return choice(schema.options.map(String));
  if (schema instanceof z.ZodLiteral) return String(schema.value);
  if (schema instanceof z.ZodBoolean) return "true or false";
  if (schema instanceof z.ZodNumber) return numbers(schema);
  if (schema instanceof z.ZodArray) return `a list, each ${takes(schema.element as z.ZodType)}`;
  if (schema instanceof z.ZodTuple) return "a list of two";
  if (schema instanceof z.ZodRecord) return "a map by name";
  if (schema instanceof z.ZodObject) return "a map";
  if (schema instanceof z.ZodUnion) return [...new Set((schema.options as z.ZodType[]).map(takes))].join(" or ");
  if (schema instanceof z.ZodPipe) return "a duration or a number";
  return "text";
}

/** The default as it would be written; null where there is none, or it is empty. */
export function written(schema: z.ZodType): string | null {
  if (!(schema instanceof z.ZodDefault)) return null;
  const { defaultValue: value } = schema.def;
  const quantity = quantities.get(schema.unwrap() as z.ZodType)?.quantity;
  if (typeof value !== "number" || quantity === undefined || quantity === "law") return plainly(value);
  if (quantity === "duration") return inUnits(value);
  return quantity === "share" ? `${value * 100}%` : `${value} ${value === 1 ? "page" : "pages"}`;
}

function plainly(value: unknown): string | null {
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return null;
}

function inUnits(ns: number): string {
  return ns % 1000 === 0 ? `${ns / 1000}us` : `${ns}ns`;
}

/** More than a dozen names are told by whatever has them. */
function choice(options: readonly string[]): string {
  return options.length > 12 ? `one of ${options.length} names` : `one of ${options.join(", ")}`;
}

function numbers(schema: z.ZodNumber): string {
  const { minValue: low, maxValue: high } = schema;
  const what = schema.format === "safeint" ? "a whole number" : "a number";
  const from =
    low === null || low <= Number.MIN_SAFE_INTEGER
      ? ""
      : low === 0 && what === "a number"
        ? " above 0"
        : ` from ${low}`;
  return `${what}${from}${high === null || high >= Number.MAX_SAFE_INTEGER ? "" : ` to ${high}`}`;
}
