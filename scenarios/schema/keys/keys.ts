/** The keys of a scenario one by one, with what the schema says of each. */
import { z } from "zod";
import { steps } from "../../../sim/costs.ts";
import { lawForms } from "../law.ts";
import { quantities } from "../quantities.ts";
import { scenarioFile } from "../scenario-file.ts";
import { takes, written } from "./values.ts";

/** One key. */
export interface ScenarioKey {
  /** With `*` for a name or a number: `tasks.*.every`. What a law is made of begins with `LAW`. */
  readonly path: string;
  /** What it means and what it does to hold or wait times; empty where the schema says nothing, which a test forbids. */
  readonly says: string;
  /** What it takes, with the unit. */
  readonly takes: string;
  /** As it would be written; null where there is none. */
  readonly default: string | null;
  readonly required: boolean;
  /** The roles that have it in this sense; null for a key of no role. */
  readonly roles: readonly string[] | null;
}

/** All keys in the order of the schema. */
export function scenarioKeys(): ScenarioKey[] {
  const costs = Object.entries(steps).map(
    ([step, { says }]): ScenarioKey => ({
      path: `machine.cost.${step}`,
      says,
      takes: "a duration or a law",
      default: null,
      required: false,
      roles: null,
    }),
  );
  return together([...under(scenarioFile, "", null), ...costs, ...under(lawForms, "LAW", null)]);
}

/** The keys in a schema that stands at `path`. */
function under(schema: z.ZodType, path: string, role: string | null): ScenarioKey[] {
  const inner = plain(schema);
  if (inner instanceof z.ZodObject) {
    const { role: named } = inner.shape as { role?: z.ZodType };
    const of = named instanceof z.ZodLiteral ? String(named.value) : role;
    return Object.entries(inner.shape).flatMap(([key, child]) => {
      const at = path === "" ? key : `${path}.${key}`;
      return [keyOf(child as z.ZodType, at, of), ...under(child as z.ZodType, at, of)];
    });
  }
  if (inner instanceof z.ZodRecord) return under(inner.valueType as z.ZodType, `${path}.*`, role);
  if (inner instanceof z.ZodArray) return under(inner.element as z.ZodType, `${path}.*`, role);
  if (inner instanceof z.ZodUnion) return (inner.options as z.ZodType[]).flatMap((one) => under(one, path, role));
  return [];
}

function keyOf(schema: z.ZodType, path: string, role: string | null): ScenarioKey {
  return {
    path,
    says: sayingOf(schema),
    takes: takes(schema),
    default: written(schema),
    required: !(schema instanceof z.ZodDefault || schema instanceof z.ZodOptional),
    roles: role === null ? null : [role],
  };
}

/** What `.describe()` says; nothing where there is only what each quantity says of itself. */
function sayingOf(schema: z.ZodType): string {
  const says = schema.description ?? "";
  return quantities.has(schema) && says === ownWords(schema) ? "" : says;
}

/** What the quantity says that a schema was made from. */
function ownWords(schema: z.ZodType): string | undefined {
  const { parent } = schema._zod;
  return parent === undefined ? schema.description : ownWords(parent as z.ZodType);
}

function plain(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return plain(schema.unwrap() as z.ZodType);
  return schema;
}

/** Keys that several roles have in the same sense are one. */
function together(keys: readonly ScenarioKey[]): ScenarioKey[] {
  const found = new Map<string, ScenarioKey>();
  for (const key of keys) {
    const name = `${key.path}\n${key.says}\n${key.takes}\n${key.default}`;
    const known = found.get(name);
    const roles = [...(known?.roles ?? []), ...(key.roles ?? [])];
    found.set(name, { ...key, roles: key.roles === null ? null : roles });
  }
  return [...found.values()];
}
