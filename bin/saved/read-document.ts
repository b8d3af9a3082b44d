import { readFileSync, statSync } from "node:fs";
import type { z } from "zod";
import { issueMessage } from "../../scenarios/problems/issue-message.ts";
import { UsageError } from "../cli/exit-codes.ts";
import { placeOf, syntaxErrorPlace } from "./json-places.ts";

/** A document as it lies in a file: any JSON, with the text that places are looked up in. */
export interface SavedJson {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
}

const mostBytes = 256 * 1024 * 1024;
const mostDepth = 200;
/** Problems that are told of one document: what is of another kind altogether has thousands. */
const mostProblems = 10;

/** Reads a JSON file. @throws UsageError with its place where it is none; for one that cannot be read, or has more than 256 MiB. */
export function readJson(file: string): SavedJson {
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > mostBytes) throw new Error(`it has ${size} bytes, and what gupsim saves at most ${mostBytes}`);
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  return { file, text, value: jsonOf(file, text) };
}

function jsonOf(file: string, text: string): unknown {
  if (isDeep(text)) throw new UsageError(`${file}: is nested more than ${mostDepth} deep: gupsim did not save it`);
  if (text.includes('"__proto__"')) throw new UsageError(`${file}: has a key __proto__: gupsim did not save it`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const { line, col } = syntaxErrorPlace(text);
    throw new UsageError(`${file}:${line}:${col}: is not JSON from here on`);
  }
}

/** What looks at a value looks into what is in it, too: the stack must hold that. Brackets in texts of ours are in pairs. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === "[" || sign === "{") depth++;
    else if (sign === "]" || sign === "}") depth--;
    if (depth > mostDepth) return true;
  }
  return false;
}

/** The schema that a document says it has; `undefined` when it says none. */
export function schemaOf({ value }: SavedJson): unknown {
  return typeof value === "object" && value !== null ? (value as { schema?: unknown }).schema : undefined;
}

/**
 * A document of the format `name`, version 1. Readers take the version that they know; fields that they do not know do not matter.
 *
 * @throws UsageError for another format or version, and where a field is not what it must be: `file:line:col: path: rule`, a line each.
 */
export function expected<T>(json: SavedJson, name: string, form: z.ZodType<T>): T {
  const schema = schemaOf(json);
  if (schema !== `${name}/v1`) {
    const newer = typeof schema === "string" && schema.startsWith(`${name}/v`) ? ": it is of another version" : "";
    throw new UsageError(`${json.file}: expected schema ${name}/v1, got ${shown(schema)}${newer}`);
  }
  const problems = problemsIn(json.value, form);
  // The value itself: what the form does not name is kept, and nothing is copied.
  if (problems.length === 0) return json.value as T;
  const lines = problems.slice(0, mostProblems).map(({ path, message }) => problemAt(json, path, message).message);
  const more = problems.length - lines.length;
  throw new UsageError([...lines, ...(more === 0 ? [] : [`${json.file}: and ${more} more`])].join("\n"));
}

/** `file:line:col: path: rule` */
export function problemAt({ file, text }: SavedJson, path: readonly PropertyKey[], rule: string): UsageError {
  const { line, col } = placeOf(text, path);
  return new UsageError(`${file}:${line}:${col}: ${path.length === 0 ? "" : `${path.map(String).join(".")}: `}${rule}`);
}

/** What in a value is not as the form says. */
export function problemsIn(
  value: unknown,
  form: z.ZodType,
): { readonly path: PropertyKey[]; readonly message: string }[] {
  const { error } = form.safeParse(value, { reportInput: true });
  return (error?.issues ?? []).map((issue) => ({ path: issue.path, message: issueMessage(issue) }));
}

function shown(schema: unknown): string {
  const text = JSON.stringify(schema) ?? "none";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
