import type { z } from "zod";
import { callers } from "../../sim/callers/callers.ts";
import { nearName } from "../near-name.ts";
import { standInFor } from "./stand-ins.ts";

const kinds: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
};

/** What is wrong, in our words: the rule, what is allowed, and the value that was found. */
export function issueMessage(issue: z.core.$ZodIssue): string {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type":
      if (input === undefined) return `is required and missing: expected ${kinds[issue.expected] ?? issue.expected}`;
      return `expected ${kinds[issue.expected] ?? issue.expected}, got ${shown(input)}`;
    case "too_small":
      return `must be at least ${issue.minimum}, got ${shown(input)}`;
    case "too_big":
      return issue.origin === "array" ? issue.message : `must be at most ${issue.maximum}, got ${shown(input)}`;
    case "invalid_value":
      if (!issue.message.startsWith("Invalid")) return `${issue.message}, got ${shown(input)}`;
      return choice(input, issue.values.map(String));
    case "invalid_union":
      if (!("options" in issue) || issue.discriminator === undefined) return `${issue.message}, got ${shown(input)}`;
      return choice(
        (input as Record<string, unknown> | undefined)?.[issue.discriminator],
        (issue.options ?? []).map(String),
      );
    default:
      return issue.message;
  }
}

/** A writer's operation that is a call of another role. */
export function otherRole(path: readonly PropertyKey[], input: unknown): string | null {
  const isCall = path.at(-1) === "op" && typeof input === "string" && Object.hasOwn(callers, input);
  return isCall ? `mm_writer has no op "${input}": it is a call of its own, role: mm_call, call: ${input}` : null;
}

function choice(input: unknown, allowed: readonly string[]): string {
  const list = allowed.join(", ");
  if (input === undefined) return `is required and missing: one of ${list}`;
  const standIn = standInFor(String(input), allowed);
  if (standIn !== null) return `unknown value ${shown(input)} (${standIn}): one of ${list}`;
  const near = nearName(String(input), allowed);
  return near === null
    ? `unknown value ${shown(input)}: one of ${list}`
    : `unknown value ${shown(input)} (did you mean "${near}"?): one of ${list}`;
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
