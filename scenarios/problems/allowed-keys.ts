import { z } from "zod";

/** The keys that the schema allows at `path` of `data`, for the message about one that it does not. */
export function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[], data: unknown): string[] {
  const found = descend(schema, path, data);
  if (found === null) return [];
  return found instanceof z.ZodEnum ? found.options.map(String) : Object.keys(found.shape);
}

/** The object at the path, or the names that the keys of a map there are limited to. */
function descend(schema: z.ZodType, path: readonly PropertyKey[], data: unknown): z.ZodObject | z.ZodEnum | null {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return descend(schema.unwrap() as z.ZodType, path, data);
  }
  if (schema instanceof z.ZodDiscriminatedUnion || schema instanceof z.ZodUnion) {
    for (const option of schema.options as z.ZodType[]) {
      if (option instanceof z.ZodObject && matches(option, data)) return descend(option, path, data);
    }
    return null;
  }
  const [key, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    if (key === undefined) return schema;
    const inner = schema.shape[String(key)] as z.ZodType | undefined;
    return inner === undefined ? null : descend(inner, rest, member(data, key));
  }
  if (schema instanceof z.ZodArray) {
    return key === undefined ? null : descend(schema.element as z.ZodType, rest, member(data, key));
  }
  if (schema instanceof z.ZodRecord) {
    if (key === undefined) return schema.keyType instanceof z.ZodEnum ? schema.keyType : null;
    return descend(schema.valueType as z.ZodType, rest, member(data, key));
  }
  return null;
}

/** Has the option the same literal role as the data? Options without a role match anything. */
function matches(option: z.ZodObject, data: unknown): boolean {
  const role = option.shape.role as z.ZodType | undefined;
  return role === undefined || role.safeParse(member(data, "role")).success;
}

function member(data: unknown, key: PropertyKey): unknown {
  return typeof data === "object" && data !== null ? (data as Record<PropertyKey, unknown>)[key] : undefined;
}
